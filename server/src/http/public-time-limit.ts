import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { TokenBuckets } from '../common/memory/token-buckets.js';
import { servedRequest } from '../common/served-request.js';

/** Milliseconds of the serving thread for each key: a burst of two seconds, then a tenth of the time. */
const LIMITS = { capacity: 2_000, perSecond: 100, maxKeys: 10_000 } as const;

/**
 * Limits what callers who are not authenticated take of the serving thread, whatever they are answered: requests are charged with
 * the time they took, afterwards.
 */
@Injectable()
export class PublicTimeLimit {
  readonly #buckets = new TokenBuckets(LIMITS);

  constructor(private readonly clock: Clock) {}

  /**
   * Lets the request that is being served go on, and charges `key` for it, such as a route with the address of the caller.
   * @throws RATE_LIMITED with the seconds to wait, when the requests of this key have taken too much
   */
  admit(key: string): void {
    const retryAfterSeconds = this.#buckets.retryAfterSeconds(key, this.clock.now());
    const served = servedRequest();
    if (served) {
      served.onEnd = ({ ms }) => {
        this.#buckets.charge(key, this.clock.now(), ms);
      };
    }
    if (retryAfterSeconds === 0) return;
    const message = 'Requests like this one have taken too much of the server’s time; try again later.';
    throw new DomainError('RATE_LIMITED', message, { retryAfterSeconds });
  }
}
