import type { AgentIntervals } from '../base/types.js';
import type { CadenceAnswer } from './wire-client.js';

const MAX_INTERVAL_SECONDS = 3600;
/** What the wire allows. */
const MAX_LONG_POLL_SECONDS = 55;

/** How often to call: what the service configured, else what the server last asked for, else the defaults of the wire. */
export class Cadence {
  private serverHeartbeatSeconds = 30;
  private serverPollSeconds = 5;
  private serverLongPollSeconds = 0;

  constructor(private readonly intervals: AgentIntervals) {}

  /** Takes over what an answer says; leaves the intervals it does not name, and holds no polls unless it offers to. */
  adopt(answer: CadenceAnswer): void {
    this.serverHeartbeatSeconds = sensible(answer.heartbeatIntervalSeconds) ?? this.serverHeartbeatSeconds;
    this.serverPollSeconds = sensible(answer.commandPollIntervalSeconds) ?? this.serverPollSeconds;
    this.serverLongPollSeconds = Math.min(sensible(answer.longPollSeconds) ?? 0, MAX_LONG_POLL_SECONDS);
  }

  get heartbeatSeconds(): number {
    return this.intervals.heartbeatSeconds ?? this.serverHeartbeatSeconds;
  }

  get pollSeconds(): number {
    return this.intervals.pollSeconds ?? this.serverPollSeconds;
  }

  /** How long a poll may be held open; 0 when it may not. The wire knows whole seconds only. */
  get longPollSeconds(): number {
    return Math.floor(Math.min(this.intervals.longPollSeconds ?? Infinity, this.serverLongPollSeconds));
  }

  get reportSeconds(): number {
    return this.intervals.reportSeconds ?? 60;
  }

  get retryBaseSeconds(): number {
    return this.intervals.retryBaseSeconds ?? 1;
  }

  get retryMaxSeconds(): number {
    return this.intervals.retryMaxSeconds ?? 30;
  }

  get refusedRetrySeconds(): number {
    return this.intervals.refusedRetrySeconds ?? 60;
  }
}

/** A server's number, or null when following it would flood the server or silence the agent. */
const sensible = (seconds: unknown): number | null =>
  typeof seconds === 'number' && seconds >= 1 && seconds <= MAX_INTERVAL_SECONDS ? seconds : null;
