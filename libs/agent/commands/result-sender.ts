import type { CommandResultRequest } from '../../contracts/index.js';
import type { AgentLog } from '../base/agent-log.js';
import { Backoff } from '../base/backoff.js';
import {
  AgentError,
  NetworkError,
  RefusedError,
  errorFields,
  isTransient,
  refusesAgent,
  refusesContent,
  retryAfterOf,
} from '../base/errors.js';
import { messageOf } from '../base/thrown.js';
import { sleep } from '../base/waiting.js';
import type { Cadence } from '../connection/cadence.js';
import type { Presence } from '../connection/presence.js';
import type { WireClient } from '../connection/wire-client.js';
import { withoutData, withoutWords } from './short-result.js';

/** With these, and only these, the server says that it will never take the result. */
const FINAL_CODES = ['COMMAND_NOT_FOUND', 'COMMAND_ALREADY_COMPLETED', 'COMMAND_EXPIRED'];
/** Statuses with which a firewall refuses a request for its content; the others may pass when a backend is replaced. */
const FIREWALL_STATUSES = [400, 403, 406, 409, 413, 414, 415, 418, 422, 431, 451];
/** How long a result may be refused on its way, while heartbeats pass, before it is sent without its words. */
const FIREWALL_PATIENCE_SECONDS = 5;
const PATIENCE_SECONDS = 15;

export interface ResultSenderOptions {
  readonly wire: WireClient;
  readonly presence: Presence;
  readonly cadence: Cadence;
  readonly log: AgentLog;
  readonly lifetime: AbortSignal;
}

/** A result on its way. */
export interface Delivery {
  readonly commandId: string;
  readonly result: CommandResultRequest;
  /** The end of the command on the monotonic clock, in milliseconds. */
  readonly endsAt: number;
}

/** Why a delivery ended without the server having the result. */
type Ending = 'stopped' | 'blocked' | RefusedError | Error;

/** Delivers results to the server, for as long as it takes. */
export class ResultSender {
  private readonly hurrying = new AbortController();

  constructor(private readonly options: ResultSenderOptions) {}

  /** From now on, does not wait for something in between to change its mind: the agent stops. */
  hurry(): void {
    this.hurrying.abort();
  }

  /** Whether the result is settled: delivered, or finally refused. False when the agent stopped first. Never rejects. */
  async deliver(delivery: Delivery): Promise<boolean> {
    const { commandId, result } = delivery;
    const first = await this.send(delivery, patienceAfter);
    if (first === null) return true;
    if (first === 'blocked') {
      this.warn('Something in front of the server refuses a result. It is sent without what it says.', commandId);
      return this.end(commandId, await this.send({ ...delivery, result: withoutWords(result) }));
    }
    if (!isUndeliverable(first)) return this.end(commandId, first);
    const short = withoutData(result, messageOf(first));
    this.warn(`A result is sent without its data: ${messageOf(first)}`, commandId, first);
    const second = await this.send({ ...delivery, result: short });
    if (!isUndeliverable(second)) return this.end(commandId, second);
    return this.end(commandId, await this.send({ ...delivery, result: withoutWords(result) }));
  }

  /** Null when the server has the result, else why it does not. A blocked one is tried as long as `patience` says, and to the end. */
  private async send(
    { commandId, result, endsAt }: Delivery,
    patience: (error: unknown) => number = () => Infinity,
  ): Promise<Ending | null> {
    const { wire, presence, cadence, lifetime } = this.options;
    const backoff = new Backoff(cadence.retryBaseSeconds, cadence.retryMaxSeconds);
    let blockedSince: number | null = null;
    for (;;) {
      await presence.online.whenOpen(lifetime);
      if (lifetime.aborted) return 'stopped';
      try {
        await wire.sendResult(commandId, result);
        return null;
      } catch (error) {
        if (isFinal(error)) return error;
        const isOffline = await presence.isOfflineAfter(error, lifetime);
        if (!isOffline && isBlocked(error)) {
          blockedSince ??= performance.now();
          const until = Math.min(endsAt, blockedSince + patience(error) * 1000);
          if (this.hurrying.signal.aborted || performance.now() >= until) return 'blocked';
        }
        await sleep(backoff.nextSeconds(retryAfterOf(error)), AbortSignal.any([lifetime, this.hurrying.signal]));
        // After a stop was requested, only what blocks this one result is not waited for.
        if (this.hurrying.signal.aborted) await sleep(cadence.retryBaseSeconds, lifetime);
      }
    }
  }

  /** Logs how it ended; returns whether that settles the result. */
  private end(commandId: string, ending: Ending | null): boolean {
    if (ending === null) return true;
    if (ending === 'stopped') {
      this.warn('A result could not be delivered: The agent stopped before.', commandId);
      return false;
    }
    if (ending === 'blocked') {
      this.warn('A result could not be delivered: something in front of the server refuses it.', commandId);
      // After a restart it is tried again.
      return !this.hurrying.signal.aborted;
    }
    this.warn(`A result could not be delivered: ${messageOf(ending)}`, commandId, ending);
    return true;
  }

  private warn(message: string, commandId: string, reason?: Error): void {
    this.options.log.warn(message, { commandId, ...(reason && errorFields(reason)) });
  }
}

/** Whether the server, or the result itself, rules out that this result is ever taken as it is. */
const isFinal = (error: unknown): error is Error =>
  isUndeliverable(error) || (error instanceof RefusedError && FINAL_CODES.includes(error.code));

/** Whether the server refused the content, or it cannot be serialised as JSON. */
const isUndeliverable = (error: unknown): error is Error =>
  refusesContent(error) || (error instanceof Error && !(error instanceof AgentError));

/** Whether this call was refused, by something in between or by a server that does not know it, while others pass. */
const isBlocked = (error: unknown): boolean =>
  (error instanceof NetworkError && error.status !== null) || (!isTransient(error) && !refusesAgent(error));

/** Seconds to try again with the whole result. */
const patienceAfter = (error: unknown): number =>
  error instanceof AgentError && FIREWALL_STATUSES.includes(error.status ?? 0)
    ? FIREWALL_PATIENCE_SECONDS
    : PATIENCE_SECONDS;
