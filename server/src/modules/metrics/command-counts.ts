import type { Counter } from 'prom-client';
import type { AuditAction } from '#contracts';
import type { ChangeFeed } from '../changes/change-feed.js';

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

/**
 * Counts what becomes of commands, each where it happens: the sum over all replicas is right. Returns how to stop it.
 */
export const countCommands = (commands: Counter<'event'>, changes: ChangeFeed): (() => void) => {
  for (const event of new Set(Object.values(EVENTS))) commands.inc({ event }, 0);
  return changes.subscribe({
    onOwnChange: ({ action }) => {
      const event = action && EVENTS[action];
      if (event !== undefined) commands.inc({ event });
    },
  });
};
