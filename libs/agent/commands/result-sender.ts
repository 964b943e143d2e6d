import type { CommandResultRequest } from '../../contracts/index.js';
import type { AgentLog } from '../base/agent-log.js';
import { Backoff } from '../base/backoff.js';
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
import { sleep } from '../base/waiting.js';
import type { Cadence } from '../connection/cadence.js';
import type { Presence } from '../connection/presence.js';
import type { WireClient } from '../connection/wire-client.js';

export interface ResultSenderOptions {
  readonly wire: WireClient;
  readonly presence: Presence;
  readonly cadence: Cadence;
  readonly log: AgentLog;
  readonly lifetime: AbortSignal;
}

/** Delivers results to the server, for as long as it takes. */
export class ResultSender {
  constructor(private readonly options: ResultSenderOptions) {}

  /** Whether the result is settled: delivered, or finally refused. False when the agent stopped first. Never rejects. */
  async deliver(commandId: string, result: CommandResultRequest): Promise<boolean> {
    const refusal = await this.send(commandId, result);
    if (refusal === null) return true;
    return isUndeliverable(refusal) ? this.sendFailure(commandId, result, refusal) : this.giveUp(commandId, refusal);
  }

  /** Reports in place of the result how the action ended and why its result is missing. */
  private async sendFailure(commandId: string, result: CommandResultRequest, refusal: unknown): Promise<boolean> {
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

  /** Null when the server has the result, else the error why it never will. */
  private async send(commandId: string, result: CommandResultRequest): Promise<unknown> {
    const { wire, presence, cadence, lifetime } = this.options;
    const backoff = new Backoff(cadence.retryBaseSeconds, cadence.retryMaxSeconds);
    for (;;) {
      await presence.online.whenOpen(lifetime);
      if (lifetime.aborted) return new NetworkError('The agent stopped before delivering it.', 'AGENT_STOPPED');
      try {
        await wire.sendResult(commandId, result);
        return null;
      } catch (error) {
        if (!isTransient(error) && !refusesAgent(error)) return error;
        presence.checkAfter(error);
        await sleep(backoff.nextSeconds(retryAfterOf(error)), lifetime);
      }
    }
  }

  /** Logs it; returns whether the server refused the result, rather than the agent having stopped. */
  private giveUp(commandId: string, reason: unknown): boolean {
    const fields = { commandId, ...errorFields(reason) };
    this.options.log.warn(`A result could not be delivered: ${messageOf(reason)}`, fields);
    return !(reason instanceof NetworkError);
  }
}

/** Whether the server refused the content, or it cannot be serialised as JSON. */
const isUndeliverable = (error: unknown): boolean => refusesContent(error) || !(error instanceof AgentError);
