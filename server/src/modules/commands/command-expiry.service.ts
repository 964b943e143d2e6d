import { Injectable } from '@nestjs/common';
import type { CommandId } from '#contracts';
import { SYSTEM } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { MaintenanceJob } from '../../common/maintenance-job.js';
import { Database } from '../../database/database.js';
import type { Tx } from '../../database/tx.js';
import { relatedTo } from '../audit/audit-record.js';
import { AuditService } from '../audit/audit.service.js';
import { expiryOutcome, isOpen, type Outcome } from './command-lifecycle.js';
import type { CommandEntity } from './command.entity.js';
import { CommandsRepository } from './commands.repository.js';

const BATCH_SIZE = 200;

/** Ends commands that were not claimed or not answered in time, and records whether they may have run. */
@Injectable()
export class CommandExpiryService {
  constructor(
    private readonly db: Database,
    private readonly commands: CommandsRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Expires one bounded batch; returns how many. Call again until it is 0. */
  @MaintenanceJob({ id: 'commands', phase: 'expire', description: 'Ends commands that were not answered in time.' })
  async expireOverdue(): Promise<number> {
    return this.db.transaction(async (tx) => {
      await this.commands.bringBackExpiry(this.clock.now(), tx);
      const overdue = await this.commands.listOverdue(this.clock.now(), BATCH_SIZE, tx);
      for (const command of overdue) await this.expire(tx, command);
      return overdue.length;
    });
  }

  /** Expires this command if it is overdue, without waiting for the job. */
  async expireIfOverdue(id: CommandId): Promise<void> {
    await this.db.transaction(async (tx) => {
      const command = await this.commands.findById(id, tx);
      if (command && isOpen(command.status) && this.isOverdue(command)) await this.expire(tx, command);
    });
  }

  /** Whether the command's time is over; true from `expiresAt` on. */
  isOverdue(command: CommandEntity): boolean {
    return command.expiresAt <= this.clock.now();
  }

  /** Ends an open command that is overdue or cannot be delivered; true for the one call that did. */
  async expire(tx: Tx, command: CommandEntity, outcome: Outcome = expiryOutcome(command.status)): Promise<boolean> {
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
}
