import type { AgentIntervals } from './types.js';
import type { CadenceAnswer } from './wire-client.js';

const MAX_INTERVAL_SECONDS = 3600;

/** How often to call: what the service configured, else what the server last asked for, else the defaults of the wire. */
export class Cadence {
  private serverHeartbeatSeconds = 30;
  private serverPollSeconds = 5;

  constructor(private readonly intervals: AgentIntervals) {}

  /** Takes over what an answer says; leaves what it does not say. */
  adopt(answer: CadenceAnswer): void {
    this.serverHeartbeatSeconds = sensible(answer.heartbeatIntervalSeconds) ?? this.serverHeartbeatSeconds;
    this.serverPollSeconds = sensible(answer.commandPollIntervalSeconds) ?? this.serverPollSeconds;
  }

  get heartbeatSeconds(): number {
    return this.intervals.heartbeatSeconds ?? this.serverHeartbeatSeconds;
  }

  get pollSeconds(): number {
    return this.intervals.pollSeconds ?? this.serverPollSeconds;
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
