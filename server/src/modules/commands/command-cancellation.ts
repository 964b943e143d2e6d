import { Injectable } from '@nestjs/common';
import type { CapsuleServiceId, CommandId, CommandStatus } from '#contracts';
import type { UserActor } from '../../common/http/identity.js';
import { Clock } from '../../common/time/clock.js';
import type { Tx } from '../../database/tx.js';
import { concerned } from '../audit/audit-record.js';
import { AuditService } from '../audit/audit.service.js';
import type { CommandEntity } from './command.entity.js';
import { CommandsRepository } from './commands.repository.js';

/** Ends commands before their result. */
@Injectable()
export class CommandCancellation {
  constructor(
    private readonly commands: CommandsRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Ends the command if it is in one of these states; returns it as it then is, null when there is none. */
  async cancel(tx: Tx, actor: UserActor, id: CommandId, from: readonly CommandStatus[]): Promise<CommandEntity | null> {
    const ending = { status: 'CANCELLED', completedAt: this.clock.now() } as const;
    const isCancelled = await this.commands.end(id, from, ending, tx);
    const command = await this.commands.findById(id, tx);
    if (!command || !isCancelled) return command;
    await this.audit.record(tx, {
      actor,
      action: 'command.cancelled',
      target: { type: 'Command', id },
      concerns: concerned(command),
      message: `${actor.username} cancelled ${command.actionName}.`,
      metadata: { actionName: command.actionName, wasDelivered: command.startedAt !== null },
    });
    return command;
  }

  /** Ends what waits to be taken for the service: none of it has run. */
  async cancelWaiting(tx: Tx, actor: UserActor, serviceId: CapsuleServiceId): Promise<void> {
    for (const id of await this.commands.listPendingOfService(serviceId, tx)) {
      await this.cancel(tx, actor, id, ['PENDING']);
    }
  }
}
