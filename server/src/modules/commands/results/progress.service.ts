import { Injectable } from '@nestjs/common';
import {
  ChangeTopic,
  type CommandId,
  type CommandProgressRequest,
  type CommandProgressResponse,
  type CommandStatus,
} from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { redactText } from '../../../common/redaction.js';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { AgentLiveness } from '../../agents/liveness/agent-liveness.js';
import { ChangeFeed } from '../../changes/change-feed.js';
import { CommandExpiry } from '../command-expiry.service.js';
import type { CommandEntity } from '../command.entity.js';
import { commandAlreadyCompleted, commandExpiredWhileRunning, commandNotFound } from '../command.errors.js';
import { CommandsRepository } from '../commands.repository.js';
import type { CommandProgressEntity } from './command-progress.entity.js';
import { CommandProgressRepository } from './command-results.repository.js';

const MAX_LOG_LINES = 200;
/** Of the whole log as JSON. */
const MAX_LOG_BYTES = 32 * 1024;

/** The columns of a progress that come from its agent. */
export type ProgressContent = Pick<CommandProgressEntity, 'percent' | 'message' | 'log'>;

/** Redacted as one text: a private key may go over several lines. */
const toLines = (log: readonly string[]): readonly string[] =>
  log.length === 0 ? [] : redactText(log.join('\n')).split(/\r?\n/);

const newest = (lines: readonly string[]): readonly string[] => {
  const kept: string[] = [];
  let bytes = '[]'.length;
  for (const line of lines.slice(-MAX_LOG_LINES).reverse()) {
    bytes += Buffer.byteLength(JSON.stringify(line)) + ','.length;
    if (bytes > MAX_LOG_BYTES) break;
    kept.push(line);
  }
  return kept.reverse();
};

/** The progress once a report is added to what is `known`: what the report leaves out stays, its log is appended. */
export const addProgress = (
  known: ProgressContent | null,
  { percent, message, log = [] }: CommandProgressRequest,
): ProgressContent => ({
  // Never rounded up: 100 says that nothing is left to do.
  percent: percent === undefined ? (known?.percent ?? null) : Math.floor(percent),
  message: message === undefined ? (known?.message ?? null) : redactText(message),
  log: newest([...(known?.log ?? []), ...toLines(log)]),
});

/** Keeps what agents say while they run a command, and tells those who watch it. Too frequent to be audited. */
@Injectable()
export class ProgressLog {
  constructor(
    private readonly progress: CommandProgressRepository,
    private readonly changes: ChangeFeed,
    private readonly clock: Clock,
  ) {}

  /** Adds the report to what is known. The caller holds the command: two at once would lose a line. */
  async add(tx: Tx, { id, agentId, serviceId }: CommandEntity, report: CommandProgressRequest): Promise<void> {
    const content = addProgress(await this.progress.findByCommand(id, tx), report);
    await this.progress.put({ commandId: id, ...content, updatedAt: this.clock.now() }, tx);
    this.changes.publish(tx, { topic: ChangeTopic.COMMAND, id, agentId, serviceId });
  }
}

/** Takes what agents say while they run a command, and tells them whether to go on. */
@Injectable()
export class ProgressService {
  constructor(
    private readonly db: Database,
    private readonly commands: CommandsRepository,
    private readonly expiry: CommandExpiry,
    private readonly liveness: AgentLiveness,
    private readonly log: ProgressLog,
  ) {}

  /**
   * Adds the report to the progress of the agent's running command; of a cancelled one nothing is stored. A sign of life.
   * @throws COMMAND_NOT_FOUND for another agent's too, and for one that no poll has taken
   * @throws COMMAND_EXPIRED when its time is over
   * @throws COMMAND_ALREADY_COMPLETED when it has its result
   */
  async report(agent: AgentActor, id: CommandId, report: CommandProgressRequest): Promise<CommandProgressResponse> {
    await this.liveness.markSeen(agent);
    const status = await this.db.transaction((tx) => this.#take(tx, agent, id, report));
    // After the commit, so that the sign of life and an expiry are kept.
    return answerFor(id, status);
  }

  /** The status the command is in then; null when the agent has no such command. */
  async #take(tx: Tx, agent: AgentActor, id: CommandId, report: CommandProgressRequest): Promise<CommandStatus | null> {
    const command = await this.commands.holdOfAgent(id, agent.id, tx);
    if (command?.status !== 'RUNNING') return command?.status ?? null;
    if (this.expiry.isOverdue(command)) {
      await this.expiry.expire(tx, command);
      return 'EXPIRED';
    }
    await this.log.add(tx, command, report);
    return 'RUNNING';
  }
}

const answerFor = (id: CommandId, status: CommandStatus | null): CommandProgressResponse => {
  switch (status) {
    case 'RUNNING':
      return { cancelled: false };
    case 'CANCELLED':
      return { cancelled: true };
    case 'EXPIRED':
      throw commandExpiredWhileRunning();
    case 'SUCCEEDED':
    case 'FAILED':
      throw commandAlreadyCompleted(status);
    case 'PENDING':
    case null:
      throw commandNotFound(id);
  }
};
