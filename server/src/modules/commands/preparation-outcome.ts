import { Injectable } from '@nestjs/common';
import type { CommandId, PreparedAction } from '#contracts';
import { toServiceAction } from '../services/capsule-service.mapper.js';
import type { ServiceActionEntity } from '../services/service-action.entity.js';
import { CommandExpiry } from './command-expiry.js';
import { CommandReader } from './command-reader.js';
import { prepareFailed, prepareTimeout } from './command.errors.js';
import { toCommand } from './command.mapper.js';
import { preparedPayload, preparedSchema, preparedState } from './prepared-data.js';

/** How long an agent has to prepare an action. */
export const PREPARE_SECONDS = 30;

/** Reads how a prepare ended. */
@Injectable()
export class PreparationOutcome {
  constructor(
    private readonly expiry: CommandExpiry,
    private readonly reader: CommandReader,
  ) {}

  /** @throws ACTION_PREPARE_TIMEOUT when it has not ended, ACTION_PREPARE_FAILED when it has not succeeded */
  async get(id: CommandId, action: ServiceActionEntity): Promise<PreparedAction> {
    await this.expiry.expireIfOverdue(id);
    const { command, result } = await this.reader.get(id);
    if (command.status === 'EXPIRED' || command.completedAt === null) throw prepareTimeout(PREPARE_SECONDS);
    if (command.status !== 'SUCCEEDED') {
      const { status, errorCode, errorMessage } = command;
      throw prepareFailed({ commandId: id, status, errorCode, errorMessage });
    }
    const data = result?.data ?? null;
    const declared = toServiceAction(action);
    return {
      action: { ...declared, inputSchema: preparedSchema(data) ?? declared.inputSchema },
      initialPayload: preparedPayload(data),
      currentState: preparedState(data),
      prepareCommand: toCommand(command),
    };
  }
}
