import type { AgentLog } from '../base/agent-log.js';
import { Backoff, jittered } from '../base/backoff.js';
import { errorFields, isTransient, retryAfterOf } from '../base/errors.js';
import { messageOf } from '../base/thrown.js';
import type { Cadence } from './cadence.js';

/** How a loop handles failing calls: logs each problem once, and backs off before the next attempt. */
export class Recovery {
  private readonly backoff: Backoff;
  private reported: string | null = null;

  /** `activity` starts the log line, for example "Fetching commands". */
  constructor(
    private readonly activity: string,
    private readonly cadence: Cadence,
    private readonly log: AgentLog,
  ) {
    this.backoff = new Backoff(cadence.retryBaseSeconds, cadence.retryMaxSeconds);
  }

  /** Resets the backoff; returns whether this ends a reported problem. */
  succeeded(): boolean {
    const recovered = this.reported !== null;
    this.reported = null;
    this.backoff.reset();
    return recovered;
  }

  /** Seconds to wait before the next attempt. */
  secondsAfter(error: unknown): number {
    return isTransient(error)
      ? this.backoff.nextSeconds(retryAfterOf(error))
      : jittered(this.cadence.refusedRetrySeconds);
  }

  /** Logs a problem when it starts or changes, not every time it recurs. */
  report(error: unknown): void {
    const transient = isTransient(error);
    const fields = errorFields(error);
    const problem = transient ? 'transient' : `${fields.code ?? fields.error} ${fields.cause ?? ''}`;
    if (this.reported === problem) return;
    this.reported = problem;
    const message = `${this.activity} failed: ${messageOf(error)} The agent keeps trying.`;
    if (transient) this.log.warn(message, fields);
    else this.log.error(message, fields);
  }
}
