import type { HeartbeatRequest, HeartbeatResponse } from '#contracts';
import type { AgentLog } from '../base/agent-log.js';
import { jittered } from '../base/backoff.js';
import type { Cadence } from './cadence.js';
import type { Enrolment } from './enrolment.js';
import { AgentAuthError, NetworkError, RefusedError, errorFields, refusesAgent, refusesContent } from '../base/errors.js';
import { Gate } from '../base/gate.js';
import { Loop } from '../base/loop.js';
import { Recovery } from './recovery.js';
import type { WireClient } from './wire-client.js';

export interface PresenceOptions {
  readonly wire: WireClient;
  readonly enrolment: Enrolment;
  readonly cadence: Cadence;
  readonly log: AgentLog;
  /** What the next heartbeat says. */
  readonly heartbeat: () => Promise<HeartbeatRequest>;
  readonly onOnline: () => void;
  readonly onAnswer: (answer: Partial<HeartbeatResponse>) => void;
}

/**
 * Keeps the agent known to the server: enrols it, sends the heartbeats, and is the only one that finds out whether the
 * server is there and lets this agent in. Everything else that calls the server waits for `online`, so a server that
 * is away is asked by one loop, and reported once.
 */
export class Presence {
  /** Open while the server answers this agent. */
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

  /** Sends the next heartbeat now. */
  refresh(): void {
    if (this.online.isOpen) this.loop.nudge();
  }

  /** Sends a heartbeat now; resolves when its answer was taken in, the presence is lost, or `signal` aborts. */
  async ask(signal: AbortSignal): Promise<void> {
    if (!this.online.isOpen) return;
    this.answered.close();
    this.loop.nudge();
    await this.answered.opened(AbortSignal.any([signal, this.online.untilClosed]));
  }

  /**
   * Another call failed with `error`. When that may mean that the agent is cut off, the next heartbeat finds out, now,
   * and says so; answers whether it is such an error.
   */
  doubt(error: unknown): boolean {
    const mayBeCutOff = error instanceof NetworkError || refusesAgent(error);
    if (mayBeCutOff && this.online.isOpen) {
      this.online.close();
      this.loop.nudge();
    }
    return mayBeCutOff;
  }

  private async step(): Promise<number> {
    const { enrolment, cadence, onAnswer } = this.options;
    await enrolment.ensure();
    const answer = await this.beat().catch(async (error: unknown) => {
      if (!isLostCredential(error)) throw error;
      await enrolment.renew(error);
      // Whoever answers now may know nothing of this agent: it comes online anew.
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

  /** @throws AgentAuthError when the server keeps the agent out */
  private async beat(): Promise<Partial<HeartbeatResponse>> {
    const { wire, log, heartbeat } = this.options;
    const body = await heartbeat();
    try {
      return await wire.heartbeat(body);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      if (refusesAgent(error))
        throw new AgentAuthError(`The server keeps this agent out: ${error.message}`, error.code, error.status);
      if (!refusesContent(error)) throw error;
      // A health the server cannot take must not make the whole agent look dead.
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

/** Whether only a new registration can help: the token is unknown, or the agent was revoked. */
const isLostCredential = (error: unknown): error is AgentAuthError =>
  error instanceof AgentAuthError && (error.status === 401 || error.code === 'AGENT_REVOKED');
