/** Runs one piece of work at a time, in the order they came. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();
  #count = 0;

  /** How many are running or waiting. */
  get pending(): number {
    return this.#count;
  }

  /** Runs `work` once all before it have ended, however they did. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    this.#count += 1;
    try {
      return await done;
    } finally {
      this.#count -= 1;
    }
  }
}
