import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** By then whatever starting had begun is done. */
const AFTER_MS = 2_000;

/**
 * Starting leaves as much behind as an idle server needs, about 50 MB. V8 gives it back after it has collected, for which
 * a server that nobody asks anything gives it no reason.
 */
export const giveStartMemoryBack = (): void => {
  setTimeout(() => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    collect();
  }, AFTER_MS).unref();
};
