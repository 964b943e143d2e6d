/** Used time counts half as much after this time. */
const HALF_LIFE_MS = 60_000;
/** More owners than are ever busy at once. */
const MAX_OWNERS = 10_000;

interface Used {
  readonly ms: number;
  readonly at: number;
}

/** Whose work it is, from the largest to the smallest, such as an agent and one of its services. */
export type Owner = readonly string[];

interface Waiting {
  readonly owner: Owner;
  readonly isUrgent: boolean;
  readonly start: () => void;
}

/**
 * Runs one task at a time. The next one is an urgent one, then that of the owner that has used the least time lately, then the
 * oldest: whoever keeps the queue busy waits for everybody else.
 */
export class FairQueue {
  readonly #waiting: Waiting[] = [];
  readonly #used = new Map<string, Used>();
  #isBusy = false;

  /** Runs `work` when it is its turn. */
  async run<T>(owner: Owner, isUrgent: boolean, work: () => Promise<T>): Promise<T> {
    if (this.#isBusy) {
      await new Promise<void>((start) => {
        this.#waiting.push({ owner, isUrgent, start });
      });
    }
    this.#isBusy = true;
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      this.#charge(owner, performance.now() - startedAt);
      this.#startNext();
    }
  }

  #startNext(): void {
    const [first, ...others] = this.#waiting;
    this.#isBusy = first !== undefined;
    if (!first) return;
    const now = performance.now();
    const next = others.reduce((best, one) => (this.#comesBefore(one, best, now) ? one : best), first);
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    next.start();
  }

  #comesBefore(one: Waiting, other: Waiting, now: number): boolean {
    if (one.isUrgent !== other.isUrgent) return one.isUrgent;
    for (let level = 1; level <= Math.max(one.owner.length, other.owner.length); level += 1) {
      const difference = this.#usedBy(one.owner.slice(0, level), now) - this.#usedBy(other.owner.slice(0, level), now);
      if (difference !== 0) return difference < 0;
    }
    return false;
  }

  #usedBy(owner: Owner, now: number): number {
    const used = this.#used.get(keyOf(owner));
    return used ? used.ms * 0.5 ** ((now - used.at) / HALF_LIFE_MS) : 0;
  }

  #charge(owner: Owner, ms: number): void {
    const now = performance.now();
    for (let level = 1; level <= owner.length; level += 1) {
      const part = owner.slice(0, level);
      const used = { ms: this.#usedBy(part, now) + ms, at: now };
      this.#used.delete(keyOf(part));
      this.#used.set(keyOf(part), used);
    }
    for (const oldest of this.#used.keys()) {
      if (this.#used.size <= MAX_OWNERS) return;
      this.#used.delete(oldest);
    }
  }
}

const keyOf = (owner: Owner): string => JSON.stringify(owner);
