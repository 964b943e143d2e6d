import type { CommandResultRequest } from '#contracts';
import type { AgentLog } from '../base/agent-log.js';
import { Backoff } from '../base/backoff.js';
import type { Cadence } from '../connection/cadence.js';
import {
  AgentError,
  NetworkError,
  errorFields,
  isTransient,
  messageOf,
  refusesAgent,
  refusesContent,
  retryAfterOf,
} from '../base/errors.js';
import type { Presence } from '../connection/presence.js';
import { sleep } from '../base/waiting.js';
import type { WireClient } from '../connection/wire-client.js';

export interface ResultSenderOptions {
  readonly wire: WireClient;
  readonly presence: Presence;
  readonly cadence: Cadence;
  readonly log: AgentLog;
  readonly lifetime: AbortSignal;
}

/** Brings results to the server, however long that takes. */
export class ResultSender {
  constructor(private readonly options: ResultSenderOptions) {}

  /** Whether the server has the result, or will never take it; false when the agent stopped before. Never rejects. */
  async deliver(commandId: string, result: CommandResultRequest): Promise<boolean> {
    const refusal = await this.send(commandId, result);
    if (refusal === null) return true;
    return isUnsendable(refusal) ? this.deliverApology(commandId, result, refusal) : this.giveUp(commandId, refusal);
  }

  /** Has the server know at least how the action ended and why its result is missing. */
  private async deliverApology(commandId: string, result: CommandResultRequest, refusal: unknown): Promise<boolean> {
    const { startedAt, finishedAt } = result;
    const ending = result.success ? 'The action succeeded, but' : 'The action failed, and';
    const error = {
      code: errorFields(refusal).code ?? 'RESULT_NOT_SENDABLE',
      message: `${ending} its result could not be delivered: ${messageOf(refusal)}`,
    };
    this.options.log.warn(error.message, { commandId, code: error.code });
    const second = await this.send(commandId, { success: false, error, startedAt, finishedAt });
    return second === null || this.giveUp(commandId, second);
  }

  /** Null when the server has the result, else why it will never have it. */
  private async send(commandId: string, result: CommandResultRequest): Promise<unknown> {
    const { wire, presence, cadence, lifetime } = this.options;
    const backoff = new Backoff(cadence.retryBaseSeconds, cadence.retryMaxSeconds);
    for (;;) {
      await presence.online.opened(lifetime);
      if (lifetime.aborted) return new NetworkError('The agent stopped before the server had it.', 'AGENT_STOPPED');
      try {
        await wire.sendResult(commandId, result);
        return null;
      } catch (error) {
        if (!isTransient(error) && !refusesAgent(error)) return error;
        presence.doubt(error);
        await sleep(backoff.nextSeconds(retryAfterOf(error)), lifetime);
      }
    }
  }

  /** Whether the server has refused it: the agent may also have stopped trying. */
  private giveUp(commandId: string, reason: unknown): boolean {
    const fields = { commandId, ...errorFields(reason) };
    this.options.log.warn(`A result was not taken: ${messageOf(reason)}`, fields);
    return !(reason instanceof NetworkError);
  }
}

/** Refused for what is in it, or not even to be written as JSON. */
const isUnsendable = (error: unknown): boolean => refusesContent(error) || !(error instanceof AgentError);
