import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { AuditAction } from '#contracts';
import { Metrics } from '../../common/metrics/metrics.js';
import { ChangeFeed } from '../changes/change-feed.js';

const EVENTS: Readonly<Partial<Record<AuditAction, string>>> = {
  'command.created': 'created',
  'service.action.prepare_requested': 'created',
  'command.dispatched': 'dispatched',
  'command.returned': 'returned',
  'command.completed': 'succeeded',
  'command.failed': 'failed',
  'command.cancelled': 'cancelled',
  'system.command.expired': 'expired',
};

/** Counts what becomes of commands, each where it happens: the sum over all replicas is right. */
@Injectable()
export class CommandCounts implements OnModuleDestroy {
  readonly #unsubscribe: () => void;

  constructor(changes: ChangeFeed, metrics: Metrics) {
    for (const event of new Set(Object.values(EVENTS))) metrics.commands.inc({ event }, 0);
    this.#unsubscribe = changes.subscribe({
      onOwnChange: ({ action }) => {
        const event = action && EVENTS[action];
        if (event !== undefined) metrics.commands.inc({ event });
      },
    });
  }

  onModuleDestroy(): void {
    this.#unsubscribe();
  }
}
