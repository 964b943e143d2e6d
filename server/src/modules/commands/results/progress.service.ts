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
import { KeyBlock } from '../../../common/secrets/key-block.js';
import { redactText } from '../../../common/redaction.js';
import { shorten } from '../../../http/validation/texts.js';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { Cleaning, cleaningOf, warningsField } from '../../../http/validation/cleaning.js';
import { AgentWarningsService } from '../../agents/agent-warnings.service.js';
import { AgentLiveness } from '../../agents/liveness/agent-liveness.js';
import { ChangeFeed } from '../../changes/change-feed.js';
import { CommandExpiryService } from '../command-expiry.service.js';
import type { CommandEntity } from '../command.entity.js';
import { commandAlreadyCompleted, commandExpiredWhileRunning, commandNotFound } from '../command.errors.js';
import { CommandsRepository } from '../commands.repository.js';
import { PayloadSecrets } from '../payload/payload-secrets.js';
import { SecretValues } from '../payload/secret-values.js';
import type { CommandProgressEntity } from './command-progress.entity.js';
import { CommandResultsRepository } from './command-results.repository.js';

const MAX_LOG_LINES = 200;
/** The whole log as JSON. */
const MAX_LOG_BYTES = 32 * 1024;

const MAX_MESSAGE_LENGTH = 500;
const MAX_LINE_LENGTH = 1_000;

/** The columns of a progress that come from its agent. */
export type ProgressContent = Pick<CommandProgressEntity, 'percent' | 'message' | 'log' | 'inKeyBlock'>;

/** What the columns of a progress are made from. */
interface ProgressSource {
  /** The progress so far; null before the first report. */
  readonly known: ProgressContent | null;
  /** Of the command. */
  readonly secrets?: SecretValues;
  /** Takes what could not be kept. */
  readonly note?: (path: string, message: string) => void;
}

/** The progress after a report: what the report leaves out stays as it is known, its log lines are appended. */
export const addProgress = (
  { known, secrets = SecretValues.none, note }: ProgressSource,
  { percent, message, log = [] }: CommandProgressRequest,
): ProgressContent => {
  const block = new KeyBlock(known?.inKeyBlock ?? false);
  // Secrets first and the length last: half a secret is not recognized.
  const redact = (text: string): string => redactText(block.redact(secrets.hideIn(text)));
  const fit = (text: string, max: number, path: string): string => {
    const kept = shorten(text.toWellFormed(), max);
    if (kept.length < text.length) note?.(path, `was longer than ${max} characters; it was shortened`);
    return kept;
  };
  // A private key, and any other secret, may span several lines.
  const lines = log.length === 0 ? [] : redact(log.join('\n')).split(/\r?\n/);
  return {
    // Never rounded up: 100 means that nothing is left to do.
    percent: percent === undefined ? (known?.percent ?? null) : Math.floor(percent),
    message: message === undefined ? (known?.message ?? null) : fit(redact(message), MAX_MESSAGE_LENGTH, 'message'),
    log: newest([...(known?.log ?? []), ...lines.map((line) => fit(line, MAX_LINE_LENGTH, 'log'))]),
    inKeyBlock: block.isOpen,
  };
};

/** Stores how far running commands are. Not audited: it is too frequent. */
@Injectable()
export class ProgressService {
  constructor(
    private readonly db: Database,
    private readonly commands: CommandsRepository,
    private readonly results: CommandResultsRepository,
    private readonly expiry: CommandExpiryService,
    private readonly liveness: AgentLiveness,
    private readonly payloadSecrets: PayloadSecrets,
    private readonly warnings: AgentWarningsService,
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
    const cleaning = cleaningOf(report) ?? new Cleaning();
    const status = await this.db.transaction((tx) => this.#report(tx, agent, id, { report, cleaning }));
    // Answered after the commit, because some answers are errors and an expiry must be kept.
    const answer = answerFor(id, status);
    if (cleaning.warnings.length > 0) await this.warnings.record(agent, 'command', cleaning.warnings);
    return { ...answer, ...warningsField(cleaning.warnings) };
  }

  /** The command's status afterwards; null when the agent has no such command. */
  async #report(tx: Tx, agent: AgentActor, id: CommandId, arrived: ArrivedProgress): Promise<CommandStatus | null> {
    const command = await this.commands.lockOfAgent(id, agent.id, tx);
    if (command?.status !== 'RUNNING') return command?.status ?? null;
    if (this.expiry.isOverdue(command)) {
      await this.expiry.expire(tx, command);
      return 'EXPIRED';
    }
    await this.#add(tx, command, arrived);
    return 'RUNNING';
  }

  /** The caller has locked the command: two reports at once would lose a line. */
  async #add(tx: Tx, command: CommandEntity, { report, cleaning }: ArrivedProgress): Promise<void> {
    const { id, agentId, serviceId } = command;
    cleaning.serviceCode = command.service?.code ?? null;
    const known = await this.results.findProgress(id, tx);
    const secrets = this.payloadSecrets.valuesOf(command);
    const note = (path: string, message: string): void => {
      cleaning.note(path, message);
    };
    const content = addProgress({ known, secrets, note }, report);
    await this.results.putProgress({ commandId: id, ...content, updatedAt: this.clock.now() }, tx);
    this.changes.publish(tx, { topic: ChangeTopic.COMMAND, id, agentId, serviceId });
  }
}

/** A report as it was read, and what could not be kept of it. */
interface ArrivedProgress {
  readonly report: CommandProgressRequest;
  readonly cleaning: Cleaning;
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
