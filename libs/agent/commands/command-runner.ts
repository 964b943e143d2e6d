import type { AgentCommand, CommandResultRequest } from '../../contracts/index.js';
import type { AgentLog } from '../base/agent-log.js';
import { Gate } from '../base/gate.js';
import { Slots } from '../base/slots.js';
import type { ProgressSender } from '../progress/progress-sender.js';
import type { ServiceRegistry } from '../services/service-registry.js';
import { execute } from './command-execution.js';
import type { CommandHistory } from './command-history.js';
import { ActionError } from './command-outcome.js';
import type { ResultSender } from './result-sender.js';

/** Maximum number of results waiting for the server; above it, no more commands are fetched. */
const MAX_UNSENT_RESULTS = 100;

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
  /** Those, and the ones whose result is being delivered. */
  private readonly work = new Set<Promise<void>>();
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

  /** Delivers the results that earlier runs of this agent did not. */
  async resume(): Promise<void> {
    for (const { commandId, result } of await this.options.history.load()) this.track(this.deliver(commandId, result));
  }

  /** Starts a command; returns false, and does nothing, if this or an earlier run has accepted it before. */
  accept(command: AgentCommand): boolean {
    if (!this.options.history.add(command.id)) return false;
    this.track(this.runCommand(command));
    return true;
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
    while (this.work.size > 0) await Promise.all(this.work);
  }

  private track(work: Promise<void>): void {
    const tracked = work.finally(() => {
      this.work.delete(tracked);
      this.updateRoom();
    });
    this.work.add(tracked);
    this.updateRoom();
  }

  private async runCommand(command: AgentCommand): Promise<void> {
    const cancellation = new AbortController();
    if (this.closed) cancellation.abort(agentStopping('did not run'));
    this.unfinished.set(command.id, cancellation);
    await this.slots.take();
    const { registry, history, log } = this.options;
    const progress = this.options.progress.follow(command.id);
    if (!cancellation.signal.aborted) await history.started(command.id);
    const result = await execute({ command, service: registry.findFor(command), cancellation, progress, log });
    this.unfinished.delete(command.id);
    this.slots.release();
    this.updateRoom();
    this.logOutcome(command, result);
    // Do not make the server wait for the disk: after a crash before the write, the outcome is merely unknown.
    void history.finished(command.id, result);
    await progress.flush();
    await this.deliver(command.id, result);
  }

  private async deliver(commandId: string, result: CommandResultRequest): Promise<void> {
    const { history, results } = this.options;
    if (await results.deliver(commandId, result)) await history.settled(commandId);
  }

  private logOutcome({ id, actionName }: AgentCommand, { success, error }: CommandResultRequest): void {
    const fields = { commandId: id, action: actionName, ...(error && { code: error.code, reason: error.message }) };
    if (success) this.options.log.info('Command succeeded.', fields);
    else this.options.log.warn('Command failed.', fields);
  }

  private updateRoom(): void {
    if (this.freeSlots > 0) this.room.open();
    else this.room.close();
  }
}

const agentStopping = (consequence: string): ActionError =>
  new ActionError('AGENT_STOPPING', `The service was shutting down and ${consequence} this command.`);
