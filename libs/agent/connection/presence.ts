import type { AgentProcess, HeartbeatRequest, HeartbeatResponse } from '../../contracts/index.js';
import type { AgentLog } from '../base/agent-log.js';
import { jittered } from '../base/backoff.js';
import {
  AgentAuthError,
  NetworkError,
  RefusedError,
  errorFields,
  isForeign,
  refusesAgent,
  refusesContent,
} from '../base/errors.js';
import { Gate } from '../base/gate.js';
import { Loop } from '../base/loop.js';
import { codeOf, messageOf } from '../base/thrown.js';
import type { Cadence } from './cadence.js';
import type { Enrolment } from './enrolment.js';
import { Recovery } from './recovery.js';
import type { AgentHeartbeat, WireClient } from './wire-client.js';

export interface PresenceOptions {
  readonly wire: WireClient;
  readonly enrolment: Enrolment;
  readonly cadence: Cadence;
  readonly log: AgentLog;
  /** The facts about this process, which its first heartbeat brings. */
  readonly agent: AgentProcess;
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
  /** Whether the server knows the facts about this process. */
  private isIntroduced = false;
  private wordsRefused = false;

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

  /** Tells the server that this agent stops on purpose; call it after `stop`. Never rejects. */
  async leave(): Promise<void> {
    if (!this.online.isOpen) return;
    const farewell: AgentHeartbeat = { leaving: {} };
    await this.options.wire.heartbeat(farewell).catch(() => undefined);
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
   * Call this when another call failed; resolves to whether the agent is offline, in which case this class reports the
   * problem. After an answer that was not the server's, a heartbeat finds out whether that call alone has the problem.
   */
  async isOfflineAfter(error: unknown, signal: AbortSignal): Promise<boolean> {
    if (isForeign(error)) {
      await this.heartbeatNow(signal);
      return !this.online.isOpen;
    }
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
    const { wire, heartbeat, agent } = this.options;
    const body: AgentHeartbeat = { ...(await heartbeat()), ...(!this.isIntroduced && { agent }) };
    try {
      const answer = await wire.heartbeat(body);
      this.isIntroduced = true;
      this.wordsRefused = false;
      return answer;
    } catch (error) {
      if (refusesAgent(error))
        throw new AgentAuthError(
          `The server rejected this agent: ${messageOf(error)}`,
          codeOf(error) ?? '',
          statusOf(error),
        );
      if (refusesContent(error)) return this.beatWithout(error, {});
      if (isForeign(error) && hasWords(body)) return this.beatWithout(error, withoutWords(body));
      throw error;
    }
  }

  /** A health report that is refused for its content, by the server or a firewall, must not make the whole agent look dead. */
  private async beatWithout(refusal: unknown, body: HeartbeatRequest): Promise<Partial<HeartbeatResponse>> {
    const { wire, log } = this.options;
    if (!isForeign(refusal)) {
      log.error(`The server refused the reported health: ${messageOf(refusal)}`, errorFields(refusal));
      return wire.heartbeat(body);
    }
    const answer = await wire.heartbeat(body);
    if (!this.wordsRefused)
      log.error(
        `Something in front of the server refuses what the health says; only its status is sent: ${messageOf(refusal)}`,
        errorFields(refusal),
      );
    this.wordsRefused = true;
    return answer;
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

const statusOf = (error: unknown): number | null => (error instanceof RefusedError ? error.status : null);

/** Whether the heartbeat has any text of the service in it. */
const hasWords = ({ services = [] }: HeartbeatRequest): boolean =>
  services.some(({ health }) => health.message !== undefined || health.details !== undefined);

const withoutWords = ({ services = [] }: HeartbeatRequest): HeartbeatRequest => ({
  services: services.map(({ code, health: { status } }) => ({ code, health: { status } })),
});
