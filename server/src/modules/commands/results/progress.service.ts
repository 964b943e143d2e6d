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
import { CommandExpiryService } from '../command-expiry.service.js';
import type { CommandEntity } from '../command.entity.js';
import { commandAlreadyCompleted, commandExpiredWhileRunning, commandNotFound } from '../command.errors.js';
import { CommandsRepository } from '../commands.repository.js';
import type { CommandProgressEntity } from './command-progress.entity.js';
import { CommandResultsRepository } from './command-results.repository.js';

const MAX_LOG_LINES = 200;
/** The whole log as JSON. */
const MAX_LOG_BYTES = 32 * 1024;

/** The columns of a progress that come from its agent. */
export type ProgressContent = Pick<CommandProgressEntity, 'percent' | 'message' | 'log'>;

/** The progress after a report: what the report leaves out stays as `known`, its log lines are appended. */
export const addProgress = (
  known: ProgressContent | null,
  { percent, message, log = [] }: CommandProgressRequest,
): ProgressContent => ({
  // Never rounded up: 100 means that nothing is left to do.
  percent: percent === undefined ? (known?.percent ?? null) : Math.floor(percent),
  message: message === undefined ? (known?.message ?? null) : redactText(message),
  log: newest([...(known?.log ?? []), ...toLines(log)]),
});

/** Stores how far running commands are. Not audited: it is too frequent. */
@Injectable()
export class ProgressService {
  constructor(
    private readonly db: Database,
    private readonly commands: CommandsRepository,
    private readonly results: CommandResultsRepository,
    private readonly expiry: CommandExpiryService,
    private readonly liveness: AgentLiveness,
    private readonly changes: ChangeFeed,
    private readonly clock: Clock,
  ) {}

  /**
   * Adds the report to the progress of the agent's running command and says whether to stop; for a cancelled command
   * nothing is stored. Counts as a sign of life.
   * @throws COMMAND_NOT_FOUND also for a command of another agent, and for one that no poll has claimed
   * @throws COMMAND_EXPIRED when its time is over
   * @throws COMMAND_ALREADY_COMPLETED when it has its result
   */
  async report(agent: AgentActor, id: CommandId, report: CommandProgressRequest): Promise<CommandProgressResponse> {
    await this.liveness.markSeen(agent);
    const status = await this.db.transaction((tx) => this.#report(tx, agent, id, report));
    // Answered after the commit, because some answers are errors and an expiry must be kept.
    return answerFor(id, status);
  }

  /** The command's status afterwards; null when the agent has no such command. */
  async #report(
    tx: Tx,
    agent: AgentActor,
    id: CommandId,
    report: CommandProgressRequest,
  ): Promise<CommandStatus | null> {
    const command = await this.commands.lockOfAgent(id, agent.id, tx);
    if (command?.status !== 'RUNNING') return command?.status ?? null;
    if (this.expiry.isOverdue(command)) {
      await this.expiry.expire(tx, command);
      return 'EXPIRED';
    }
    await this.#add(tx, command, report);
    return 'RUNNING';
  }

  /** The caller has locked the command: two reports at once would lose a line. */
  async #add(tx: Tx, { id, agentId, serviceId }: CommandEntity, report: CommandProgressRequest): Promise<void> {
    const content = addProgress(await this.results.findProgress(id, tx), report);
    await this.results.putProgress({ commandId: id, ...content, updatedAt: this.clock.now() }, tx);
    this.changes.publish(tx, { topic: ChangeTopic.COMMAND, id, agentId, serviceId });
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

/** Redacts the log as one text, because a private key may span several lines. */
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
