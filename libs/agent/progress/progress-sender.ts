import type { CommandProgressRequest } from '../../contracts/index.js';
import type { AgentLog } from '../base/agent-log.js';
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
  readonly closed: AbortSignal;
  private readonly unsupported = new AbortController();

  constructor(private readonly options: ProgressSenderOptions) {
    this.closed = AbortSignal.any([options.lifetime, this.unsupported.signal]);
  }

  /** The progress of this command, for its handler to report to. */
  follow(commandId: string): CommandProgress {
    return new CommandProgress(commandId, this);
  }

  get isOpen(): boolean {
    return this.options.presence.online.isOpen && !this.closed.aborted;
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
      return this.outcomeOf(commandId, error);
    }
  }

  private outcomeOf(commandId: string, error: unknown): ProgressOutcome {
    const { presence, log } = this.options;
    presence.checkAfter(error);
    if (isTransient(error) || refusesAgent(error)) return { kind: 'failed', retryAfterSeconds: retryAfterOf(error) };
    if (isMissingRoute(error)) this.unsupported.abort();
    if (refusesContent(error))
      log.warn(`The server refused the progress of a command: ${messageOf(error)}`, {
        commandId,
        ...errorFields(error),
      });
    return { kind: 'unwanted' };
  }
}

/** Whether the server does not support progress. */
const isMissingRoute = (error: unknown): boolean =>
  error instanceof RefusedError && [404, 405].includes(error.status) && error.code !== 'COMMAND_NOT_FOUND';
