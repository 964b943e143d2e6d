import type { HeartbeatRequest, HeartbeatResponse } from '../../contracts/index.js';
import type { AgentLog } from '../base/agent-log.js';
import { jittered } from '../base/backoff.js';
import {
  AgentAuthError,
  NetworkError,
  RefusedError,
  errorFields,
  refusesAgent,
  refusesContent,
} from '../base/errors.js';
import { Gate } from '../base/gate.js';
import { Loop } from '../base/loop.js';
import type { Cadence } from './cadence.js';
import type { Enrolment } from './enrolment.js';
import { Recovery } from './recovery.js';
import type { WireClient } from './wire-client.js';

export interface PresenceOptions {
  readonly wire: WireClient;
  readonly enrolment: Enrolment;
  readonly cadence: Cadence;
  readonly log: AgentLog;
  /** The content of the next heartbeat. */
  readonly heartbeat: () => Promise<HeartbeatRequest>;
  readonly onOnline: () => void;
  readonly onAnswer: (answer: Partial<HeartbeatResponse>) => void;
}

/**
 * Keeps the agent online: registers it, sends the heartbeats, and is the only part that determines whether the server
 * is reachable and accepts this agent. Every other caller of the server waits for `online`, so an unreachable server is
 * probed by one loop and reported once.
 */
export class Presence {
  /** Open while the server responds to this agent. */
  readonly online = new Gate();
  private readonly answered = new Gate();
  private readonly loop: Loop;
  private readonly recovery: Recovery;
  private isFirst = true;

  constructor(private readonly options: PresenceOptions) {
    this.recovery = new Recovery('Connecting to the server', options.cadence, options.log);
    this.loop = new Loop(
      () => this.step(),
      (error) => this.offline(error),
    );
  }

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Sends the next heartbeat now, if online. */
  refresh(): void {
    if (this.online.isOpen) this.loop.wake();
  }

  /** Sends a heartbeat now; resolves when its response is processed, the agent goes offline, or `signal` aborts. */
  async heartbeatNow(signal: AbortSignal): Promise<void> {
    if (!this.online.isOpen) return;
    this.answered.close();
    this.loop.wake();
    await this.answered.whenOpen(AbortSignal.any([signal, this.online.closed]));
  }

  /**
   * Call this when another call failed. If `error` may mean that the agent is offline, a heartbeat checks it now and
   * reports the problem. Returns whether it is such an error.
   */
  checkAfter(error: unknown): boolean {
    const mayBeOffline = error instanceof NetworkError || refusesAgent(error);
    if (mayBeOffline && this.online.isOpen) {
      this.online.close();
      this.loop.wake();
    }
    return mayBeOffline;
  }

  private async step(): Promise<number> {
    const { enrolment, cadence, onAnswer } = this.options;
    await enrolment.ensure();
    const answer = await this.beat().catch(async (error: unknown) => {
      if (!isLostCredential(error)) throw error;
      await enrolment.renew(error);
      // The server may have lost everything it knew about this agent, so go online from the start.
      this.online.close();
      return this.beat();
    });
    cadence.adopt(answer);
    onAnswer(answer);
    this.answered.open();
    this.nowOnline();
    if (answer.rotateToken === true) await enrolment.rotate();
    return jittered(cadence.heartbeatSeconds);
  }

  /** @throws AgentAuthError when the server rejects the agent */
  private async beat(): Promise<Partial<HeartbeatResponse>> {
    const { wire, log, heartbeat } = this.options;
    const body = await heartbeat();
    try {
      return await wire.heartbeat(body);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      if (refusesAgent(error))
        throw new AgentAuthError(`The server rejected this agent: ${error.message}`, error.code, error.status);
      if (!refusesContent(error)) throw error;
      // A health report the server refuses must not make the whole agent look dead.
      log.error(`The server refused the reported health: ${error.message}`, errorFields(error));
      return wire.heartbeat({});
    }
  }

  private nowOnline(): void {
    const recovered = this.recovery.succeeded();
    if (this.online.isOpen) return;
    if (recovered || this.isFirst) this.options.log.info('Connected to the server.');
    this.isFirst = false;
    this.online.open();
    this.options.onOnline();
  }

  private offline(error: unknown): number {
    this.online.close();
    this.recovery.report(error);
    return this.recovery.secondsAfter(error);
  }
}

/** Whether only a new registration can help: the token is unknown or the agent was revoked. */
const isLostCredential = (error: unknown): error is AgentAuthError =>
  error instanceof AgentAuthError && (error.status === 401 || error.code === 'AGENT_REVOKED');
