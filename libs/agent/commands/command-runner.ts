import type { AgentCommand, CommandResultRequest } from '../../contracts/index.js';
import type { AgentLog } from '../base/agent-log.js';
import { Gate } from '../base/gate.js';
import { Slots } from '../base/slots.js';
import { messageOf } from '../base/thrown.js';
import type { ProgressSender } from '../progress/progress-sender.js';
import type { ServiceRegistry } from '../services/service-registry.js';
import { execute } from './command-execution.js';
import type { CommandHistory } from './command-history.js';
import { ActionError, failed, type Outcome } from './command-outcome.js';
import { maskResult, secretsIn } from './command-secrets.js';
import type { ResultSender } from './result-sender.js';

/** Maximum number of results waiting for the server; above it, no more commands are fetched. */
const MAX_UNSENT_RESULTS = 100;
/** How long a command lasts that does not say. */
const DEFAULT_SECONDS = 300;

export interface CommandRunnerOptions {
  readonly registry: ServiceRegistry;
  readonly history: CommandHistory;
  readonly results: ResultSender;
  readonly progress: ProgressSender;
  readonly log: AgentLog;
  readonly maxConcurrentCommands: number;
}

/** Runs commands, each at most once and a bounded number at a time, and delivers their results. */
export class CommandRunner {
  /** Open while another command could start immediately. */
  readonly room = new Gate(true);
  private readonly slots: Slots;
  /** Commands whose handler is running or waiting for a slot. */
  private readonly unfinished = new Map<string, AbortController>();
  /** Those, and the ones whose result is being delivered, by id. */
  private readonly work = new Map<string, Promise<void>>();
  private closed = false;

  constructor(private readonly options: CommandRunnerOptions) {
    this.slots = new Slots(options.maxConcurrentCommands);
  }

  /** How many more commands could start immediately. */
  get freeSlots(): number {
    const unsent = this.work.size - this.unfinished.size;
    return Math.max(0, Math.min(this.slots.free, MAX_UNSENT_RESULTS - unsent));
  }

  /** Commands whose handler is unfinished or whose result is undelivered. */
  get unfinishedCount(): number {
    return this.work.size;
  }

  /** Their ids; null when a crash could make this agent forget one, so that the server must not hand it out again. */
  get holding(): readonly string[] | null {
    return this.options.history.survivesCrash ? [...this.work.keys()] : null;
  }

  /** Delivers the results that earlier runs of this agent did not. */
  async resume(): Promise<void> {
    for (const { commandId, result } of await this.options.history.load())
      this.track(commandId, this.deliver(commandId, result, endOf({})));
  }

  /**
   * Starts a command; returns false, and runs nothing, if this or an earlier run has accepted it before. `isRepeatable` says
   * that the server hands it out again if it is not in `holding` after a crash.
   */
  accept(command: AgentCommand, isRepeatable = false): boolean {
    if (this.options.history.add(command.id)) {
      this.track(command.id, this.runCommand(command, isRepeatable));
      return true;
    }
    if (command.redelivered === true && !this.work.has(command.id))
      this.track(command.id, this.deliver(command.id, failed(takenBefore()).result, endOf(command)));
    return false;
  }

  /** Aborts the handlers of those commands that run here. */
  cancel(commandIds: readonly string[]): void {
    for (const id of commandIds)
      this.unfinished.get(id)?.abort(new ActionError('COMMAND_CANCELLED', 'The command was cancelled.'));
  }

  /** Fails every further command: the agent is stopping. */
  close(): void {
    this.closed = true;
  }

  /** Aborts every handler: the agent can wait no longer. */
  abortAll(): void {
    for (const cancellation of this.unfinished.values()) cancellation.abort(agentStopping('did not finish'));
  }

  /** Resolves when no handler is running and no result is being delivered. */
  async idle(): Promise<void> {
    while (this.work.size > 0) await Promise.all(this.work.values());
  }

  private track(commandId: string, work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => {
        this.options.log.error(`A command was lost: ${messageOf(error)}`, { commandId }, error);
      })
      .finally(() => {
        this.work.delete(commandId);
        this.updateRoom();
      });
    this.work.set(commandId, tracked);
    this.updateRoom();
  }

  private async runCommand(command: AgentCommand, isRepeatable: boolean): Promise<void> {
    const { registry, history } = this.options;
    const endsAt = endOf(command);
    const cancellation = new AbortController();
    if (this.closed) cancellation.abort(agentStopping('did not run'));
    this.unfinished.set(command.id, cancellation);
    await this.slots.take();
    const service = registry.findFor(command);
    const secrets = secretsIn(command.payload, service?.findAction(command.actionName)?.sealedNames ?? new Set());
    const log = this.options.log.hiding(secrets);
    const progress = this.options.progress.follow(command.id, (text) => log.mask(text));
    let outcome: Outcome;
    try {
      const isRecorded = cancellation.signal.aborted || (await history.started(command.id));
      // A restart would not know of it, and run it a second time.
      if (!isRecorded && isRepeatable) cancellation.abort(notRecorded());
      outcome = await execute({ command, service, cancellation, progress, log });
    } finally {
      this.unfinished.delete(command.id);
      this.slots.release();
      this.updateRoom();
    }
    const result = maskResult(outcome.result, secrets);
    this.logOutcome(command, { ...outcome, result }, log);
    // Do not make the server wait for the disk: after a crash before the write, the outcome is merely unknown.
    void history.finished(command.id, result);
    await progress.flush();
    await this.deliver(command.id, result, endsAt);
  }

  private async deliver(commandId: string, result: CommandResultRequest, endsAt: number): Promise<void> {
    const { history, results } = this.options;
    if (await results.deliver({ commandId, result, endsAt })) await history.settled(commandId);
  }

  private logOutcome({ id, actionName }: AgentCommand, { result, changes, thrown }: Outcome, log: AgentLog): void {
    const { success, error } = result;
    const fields = { commandId: id, action: actionName, ...(error && { code: error.code, reason: error.message }) };
    if (changes !== '') log.warn(changes, { commandId: id, action: actionName });
    if (success) log.info('Command succeeded.', fields);
    else log.warn('Command failed.', fields, thrown);
  }

  private updateRoom(): void {
    if (this.freeSlots > 0) this.room.open();
    else this.room.close();
  }
}

/** When the server gives up a command that was handed out now, on the monotonic clock in milliseconds. */
const endOf = ({ startedAt = '', expiresAt = '' }: Partial<AgentCommand>): number => {
  const milliseconds = Date.parse(expiresAt) - Date.parse(startedAt);
  return performance.now() + (Number.isFinite(milliseconds) ? milliseconds : DEFAULT_SECONDS * 1000);
};

const agentStopping = (consequence: string): ActionError =>
  new ActionError('AGENT_STOPPING', `The service was shutting down and ${consequence} this command.`);

const notRecorded = (): ActionError =>
  new ActionError('JOURNAL_NOT_WRITABLE', 'The command did not run, because the agent cannot write its journal.');

const takenBefore = (): ActionError =>
  new ActionError('COMMAND_TAKEN_BEFORE', 'The agent has run this command before, and does not run it again.');
