import { Injectable } from '@nestjs/common';
import type { CommandId } from '#contracts';
import { SYSTEM } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { Database } from '../../database/database.js';
import type { Tx } from '../../database/tx.js';
import { relatedTo } from '../audit/audit-record.js';
import { AuditService } from '../audit/audit.service.js';
import { expiryOutcome, isOpen } from './command-lifecycle.js';
import type { CommandEntity } from './command.entity.js';
import { CommandsRepository } from './commands.repository.js';
import { IdempotencyKeysStore } from './create/idempotency-keys.store.js';
import { CommandResultsRepository } from './results/command-results.repository.js';

const BATCH = 200;

/** Ends commands whose time is over, and says whether they may have run. */
@Injectable()
export class CommandExpiry {
  constructor(
    private readonly db: Database,
    private readonly commands: CommandsRepository,
    private readonly results: CommandResultsRepository,
    private readonly requests: IdempotencyKeysStore,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** One bounded batch; returns how many expired. Call again while it is not 0. */
  async expireOverdue(): Promise<number> {
    return this.db.transaction(async (tx) => {
      const overdue = await this.commands.listOverdue(this.clock.now(), BATCH, tx);
      for (const command of overdue) await this.expire(tx, command);
      return overdue.length;
    });
  }

  /** Ends this one if its time is over, without waiting for the sweep. */
  async expireIfOverdue(id: CommandId): Promise<void> {
    await this.db.transaction(async (tx) => {
      const command = await this.commands.findById(id, tx);
      if (command && isOpen(command.status) && this.isOverdue(command)) await this.expire(tx, command);
    });
  }

  isOverdue(command: CommandEntity): boolean {
    return command.expiresAt <= this.clock.now();
  }

  /** Ends an open command whose time is over; true for the only call that did. */
  async expire(tx: Tx, command: CommandEntity): Promise<boolean> {
    const outcome = expiryOutcome(command.status);
    const ending = { status: 'EXPIRED', completedAt: this.clock.now(), ...outcome } as const;
    if (!(await this.commands.end(command.id, [command.status], ending, tx))) return false;
    await this.audit.record(tx, {
      actor: SYSTEM,
      action: 'system.command.expired',
      target: { type: 'Command', id: command.id },
      related: relatedTo(command),
      result: 'FAILURE',
      message: `Command ${command.actionName} expired. ${outcome.errorMessage}`,
      metadata: { errorCode: outcome.errorCode, agentId: command.agentId, serviceId: command.serviceId },
    });
    return true;
  }

  /** Erases one-time keys that nobody asked for in time. */
  async eraseExpiredKeys(): Promise<number> {
    return this.db.transaction((tx) => this.results.eraseExpiredKeys(this.clock.now(), tx));
  }
  /** One bounded batch of idempotency keys whose day is over; returns how many it forgot. */
  async forgetIdempotencyKeys(): Promise<number> {
    return this.db.transaction((tx) => this.requests.prune(tx));
  }
}
