import { performance } from 'node:perf_hooks';
import { ChangeTopic, type Change } from '#contracts';

/** More than this in a second, and changes are gathered for a while: an eye reads no faster. */
const BUSY_PER_SECOND = 1_000;
const BUSY_MS = 50;
const SECOND_MS = 1_000;

/**
 * Gathers changes that come together, each thing once and with its latest action: at once when it is quiet, so that
 * nobody waits, some times a second when very much happens.
 */
export class ChangeBatches {
  readonly #waiting = new Map<string, Change>();
  #scheduled = false;
  #secondBegan = 0;
  #inSecond = 0;

  constructor(private readonly deliver: (changes: readonly Change[]) => void) {}

  add(change: Change): void {
    const key = keyOf(change);
    const earlier = this.#waiting.get(key);
    // Taken out and put in, it stands where it happened last.
    this.#waiting.delete(key);
    this.#waiting.set(key, { ...earlier, ...change });
    if (this.#scheduled) return;
    this.#scheduled = true;
    const flush = (): void => {
      this.#flush();
    };
    if (this.#isBusy()) setTimeout(flush, BUSY_MS).unref();
    else setImmediate(flush);
  }

  #flush(): void {
    const changes = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#scheduled = false;
    this.#inSecond += changes.length;
    this.deliver(changes);
  }

  #isBusy(): boolean {
    const now = performance.now();
    if (now - this.#secondBegan >= SECOND_MS) {
      this.#secondBegan = now;
      this.#inSecond = 0;
    }
    return this.#inSecond > BUSY_PER_SECOND;
  }
}

/** Of the audit it is enough to know that there is more of it. */
const keyOf = ({ topic, id }: Change): string => (topic === ChangeTopic.AUDIT ? topic : `${topic} ${id ?? ''}`);
