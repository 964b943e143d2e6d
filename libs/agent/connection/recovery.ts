import type { AgentLog } from '../base/agent-log.js';
import { Backoff, jittered } from '../base/backoff.js';
import type { Cadence } from './cadence.js';
import { errorFields, isTransient, messageOf, retryAfterOf } from '../base/errors.js';

/** What a loop does about calls that fail: says so once, and waits sensibly before the next try. */
export class Recovery {
  private readonly backoff: Backoff;
  private trouble: string | null = null;

  /** `doing` begins the log line, for example "Fetching commands". */
  constructor(
    private readonly doing: string,
    private readonly cadence: Cadence,
    private readonly log: AgentLog,
  ) {
    this.backoff = new Backoff(cadence.retryBaseSeconds, cadence.retryMaxSeconds);
  }

  /** All is well; answers whether something that was reported is over by that. */
  succeeded(): boolean {
    const recovered = this.trouble !== null;
    this.trouble = null;
    this.backoff.reset();
    return recovered;
  }

  /** Seconds until it makes sense to try again. */
  secondsAfter(error: unknown): number {
    return isTransient(error)
      ? this.backoff.nextSeconds(retryAfterOf(error))
      : jittered(this.cadence.refusedRetrySeconds);
  }

  /** Logs a trouble when it begins or becomes another one, not every time it is met again. */
  report(error: unknown): void {
    const transient = isTransient(error);
    const fields = errorFields(error);
    const trouble = transient ? 'transient' : `${fields.code ?? fields.error} ${fields.cause ?? ''}`;
    if (this.trouble === trouble) return;
    this.trouble = trouble;
    const message = `${this.doing} failed: ${messageOf(error)} The agent keeps trying.`;
    if (transient) this.log.warn(message, fields);
    else this.log.error(message, fields);
  }
}
