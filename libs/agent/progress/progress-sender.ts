import type { CommandProgressRequest } from '#contracts';
import type { AgentLog } from '../base/agent-log.js';
import { CommandProgress, type ProgressChannel, type ProgressOutcome } from './command-progress.js';
import {
  RefusedError,
  errorFields,
  isTransient,
  messageOf,
  refusesAgent,
  refusesContent,
  retryAfterOf,
} from '../base/errors.js';
import type { Presence } from '../connection/presence.js';
import type { WireClient } from '../connection/wire-client.js';

export interface ProgressSenderOptions {
  readonly wire: WireClient;
  readonly presence: Presence;
  readonly log: AgentLog;
  readonly lifetime: AbortSignal;
  /** An operator has cancelled a command that runs. */
  readonly onCancelled: (commandId: string) => void;
}

/** Tells the server how running commands get on, as long as it wants to know. */
export class ProgressSender implements ProgressChannel {
  readonly over: AbortSignal;
  private readonly unsupported = new AbortController();

  constructor(private readonly options: ProgressSenderOptions) {
    this.over = AbortSignal.any([options.lifetime, this.unsupported.signal]);
  }

  /** Where a handler of this command says how it gets on. */
  follow(commandId: string): CommandProgress {
    return new CommandProgress(commandId, this);
  }

  get isOpen(): boolean {
    return this.options.presence.online.isOpen && !this.over.aborted;
  }

  opened(signal: AbortSignal): Promise<void> {
    return this.options.presence.online.opened(signal);
  }

  async send(commandId: string, progress: CommandProgressRequest): Promise<ProgressOutcome> {
    const { wire, onCancelled } = this.options;
    try {
      const { cancelled } = await wire.sendProgress(commandId, progress);
      if (cancelled === true) onCancelled(commandId);
      return { kind: 'taken' };
    } catch (error) {
      return this.outcomeOf(commandId, error);
    }
  }

  private outcomeOf(commandId: string, error: unknown): ProgressOutcome {
    const { presence, log } = this.options;
    presence.doubt(error);
    if (isTransient(error) || refusesAgent(error)) return { kind: 'failed', retryAfterSeconds: retryAfterOf(error) };
    if (isMissingRoute(error)) this.unsupported.abort();
    if (refusesContent(error))
      log.warn(`The progress of a command was not taken: ${messageOf(error)}`, { commandId, ...errorFields(error) });
    return { kind: 'unwanted' };
  }
}

/** Servers of this wire need not know of progress. */
const isMissingRoute = (error: unknown): boolean =>
  error instanceof RefusedError && [404, 405].includes(error.status) && error.code !== 'COMMAND_NOT_FOUND';
