import { randomFillSync } from 'node:crypto';

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
