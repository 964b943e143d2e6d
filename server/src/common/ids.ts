import { randomFillSync } from 'node:crypto';
import { incrementBase32, TIME_LEN, ulid } from 'ulid';
import type { Id, IdPrefix } from '#contracts';

const POOL_BYTES = 4_096;
/** The digits after the time, up to here, order the ids of one millisecond. */
const ORDER_END = TIME_LEN + 3;

/**
 * Returns a source of random numbers in [0, 1) in steps of 1/256, each from a byte of the system's randomness. Bytes are fetched
 * in bulk: fetching them one by one costs more than the rest of an id.
 */
const randomShares = (): (() => number) => {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  return () => {
    if (used === POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    const byte = pool[used] ?? 0;
    used += 1;
    return byte / 256;
  };
};

/**
 * Creates ids. Ids of the same millisecond sort in the order of their creation, and one does not reveal the next, as a counter
 * would: 65 bits of each are random.
 */
export class Ids {
  readonly #random = randomShares();
  #time = 0;
  #order = '';

  /** `now` tells the time in milliseconds. */
  constructor(private readonly now: () => number = Date.now) {}

  /** Returns a new id with this prefix. */
  make<P extends IdPrefix>(prefix: P): Id<P> {
    return `${prefix}_${this.#next(this.now())}`;
  }

  /** Stays in order when the clock is set back or a millisecond is full. */
  #next(now: number): string {
    const isNewTime = now > this.#time || this.#order.startsWith('ZZ');
    if (isNewTime) this.#time = Math.max(now, this.#time + 1);
    const fresh = ulid(this.#time, this.#random);
    this.#order = isNewTime ? fresh.slice(TIME_LEN, ORDER_END) : incrementBase32(this.#order);
    return `${fresh.slice(0, TIME_LEN)}${this.#order}${fresh.slice(ORDER_END)}`;
  }
}
