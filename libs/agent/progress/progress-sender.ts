import type { CommandProgressRequest } from '../../contracts/index.js';
import type { AgentLog } from '../base/agent-log.js';
import {
  RefusedError,
  errorFields,
  isForeign,
  isTransient,
  refusesAgent,
  refusesContent,
  retryAfterOf,
} from '../base/errors.js';
import { messageOf } from '../base/thrown.js';
import type { Presence } from '../connection/presence.js';
import type { WireClient } from '../connection/wire-client.js';
import { CommandProgress, type ProgressChannel, type ProgressOutcome } from './command-progress.js';

export interface ProgressSenderOptions {
  readonly wire: WireClient;
  readonly presence: Presence;
  readonly log: AgentLog;
  readonly lifetime: AbortSignal;
  /** Called when an operator has cancelled a running command. */
  readonly onCancelled: (commandId: string) => void;
}

/** Sends the progress of running commands, as long as the server supports it. */
export class ProgressSender implements ProgressChannel {
  private unsupported = new AbortController();
  /** The last command whose progress something in front of the server refused. */
  private refusedLast: string | null = null;

  constructor(private readonly options: ProgressSenderOptions) {}

  get closed(): AbortSignal {
    return AbortSignal.any([this.options.lifetime, this.unsupported.signal]);
  }

  /** The progress of this command, for its handler to report to; `mask` removes secrets from what is sent. */
  follow(commandId: string, mask: (text: string) => string): CommandProgress {
    return new CommandProgress(commandId, this, mask);
  }

  /** The server may be another one by now: call this when the agent comes online. */
  tryAgain(): void {
    if (this.unsupported.signal.aborted) this.unsupported = new AbortController();
  }

  get isOpen(): boolean {
    const { presence, lifetime } = this.options;
    return presence.online.isOpen && !lifetime.aborted && !this.unsupported.signal.aborted;
  }

  whenOpen(signal: AbortSignal): Promise<void> {
    return this.options.presence.online.whenOpen(signal);
  }

  async send(commandId: string, progress: CommandProgressRequest): Promise<ProgressOutcome> {
    const { wire, onCancelled } = this.options;
    try {
      const { cancelled } = await wire.sendProgress(commandId, progress);
      if (cancelled === true) onCancelled(commandId);
      return { kind: 'accepted' };
    } catch (error) {
      return await this.outcomeOf(commandId, error);
    }
  }

  private async outcomeOf(commandId: string, error: unknown): Promise<ProgressOutcome> {
    const { presence, log, lifetime } = this.options;
    const isOffline = await presence.isOfflineAfter(error, lifetime);
    const fields = { commandId, ...errorFields(error) };
    if (isForeign(error) && !isOffline) {
      if (this.refusedLast !== commandId)
        log.warn(`Something in front of the server refused the progress of a command: ${messageOf(error)}`, fields);
      this.refusedLast = commandId;
      return { kind: 'refused' };
    }
    if (isTransient(error) || refusesAgent(error)) return { kind: 'failed', retryAfterSeconds: retryAfterOf(error) };
    if (isMissingRoute(error)) this.unsupported.abort();
    if (refusesContent(error)) log.warn(`The server refused the progress of a command: ${messageOf(error)}`, fields);
    return { kind: 'unwanted' };
  }
}

/** Whether the server does not support progress. */
const isMissingRoute = (error: unknown): boolean =>
  error instanceof RefusedError && ['NOT_FOUND', 'METHOD_NOT_ALLOWED'].includes(error.code);
