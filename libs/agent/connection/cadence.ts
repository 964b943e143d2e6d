import type { AgentIntervals } from '../base/types.js';
import type { CadenceAnswer } from './wire-client.js';

const MAX_INTERVAL_SECONDS = 3600;
/** The maximum the API allows. */
const MAX_LONG_POLL_SECONDS = 55;

/** How often to call: as the service configured, else as the server last requested, else the defaults of the API. */
export class Cadence {
  private serverHeartbeatSeconds = 30;
  private serverPollSeconds = 5;
  private serverLongPollSeconds = 0;

  constructor(private readonly intervals: AgentIntervals) {}

  /** Adopts the intervals a response contains and keeps the others; long polling is off unless the response offers it. */
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

  /** How long a poll may be held open, in whole seconds; 0 without long polling. */
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

/** The server's value, or null when it is so small or large that it would flood the server or silence the agent. */
const sensible = (seconds: unknown): number | null =>
  typeof seconds === 'number' && seconds >= 1 && seconds <= MAX_INTERVAL_SECONDS ? seconds : null;
