import { performance } from 'node:perf_hooks';
import { ChangeTopic, type Change } from '#contracts';

/** Beyond this rate changes are batched; nobody can read that fast. */
const BUSY_PER_SECOND = 1_000;
const BUSY_MS = 50;
const SECOND_MS = 1_000;

/**
 * Batches changes that happen together, each thing once with its latest action: without delay when it is quiet, at
 * intervals under load.
 */
export class ChangeBatches {
  readonly #waiting = new Map<string, Change>();
  #scheduled = false;
  #secondStartedAt = 0;
  #countInSecond = 0;

  constructor(private readonly deliver: (changes: readonly Change[]) => void) {}

  /** Adds a change to the next batch. */
  add(change: Change): void {
    const key = keyOf(change);
    const earlier = this.#waiting.get(key);
    // Re-inserting moves it to the position of its latest change.
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
    this.#countInSecond += changes.length;
    this.deliver(changes);
  }

  #isBusy(): boolean {
    const now = performance.now();
    if (now - this.#secondStartedAt >= SECOND_MS) {
      this.#secondStartedAt = now;
      this.#countInSecond = 0;
    }
    return this.#countInSecond > BUSY_PER_SECOND;
  }
}

/** For the audit, one change per batch is enough. */
const keyOf = ({ topic, id }: Change): string => (topic === ChangeTopic.AUDIT ? topic : `${topic} ${id ?? ''}`);
