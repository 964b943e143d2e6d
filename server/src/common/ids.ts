import { randomFillSync } from 'node:crypto';
import { incrementBase32, TIME_LEN, ulid } from 'ulid';
import type { Id, IdPrefix } from '#contracts';

const POOL_BYTES = 4_096;

/**
 * A source of random numbers from 0 to below 1 in steps of 1/256, each from a byte of the system's own randomness, fetched
 * for many at once: asking for one byte at a time costs more than all else about an id.
 */
export const randomShares = (): (() => number) => {
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

/** Where, of the 16 random digits of a ULID, those end that put the ids of one millisecond in order. */
const ORDER_END = TIME_LEN + 3;

/**
 * Makes ids. Two made in the same millisecond still sort in the order they were made; and whoever knows one cannot work
 * out the next, as one could if that were one more: 65 bits of each are its own.
 */
export class Ids {
  readonly #random = randomShares();
  #time = 0;
  #order = '';

  make<P extends IdPrefix>(prefix: P): Id<P> {
    return `${prefix}_${this.#next(Date.now())}`;
  }

  /** In order, too, when the clock was set back, or a millisecond is full. */
  #next(now: number): string {
    const isNewTime = now > this.#time || this.#order.startsWith('ZZ');
    if (isNewTime) this.#time = Math.max(now, this.#time + 1);
    const fresh = ulid(this.#time, this.#random);
    this.#order = isNewTime ? fresh.slice(TIME_LEN, ORDER_END) : incrementBase32(this.#order);
    return `${fresh.slice(0, TIME_LEN)}${this.#order}${fresh.slice(ORDER_END)}`;
  }
}
