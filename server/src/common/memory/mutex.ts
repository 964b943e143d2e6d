/** Runs one task at a time, in the order of the calls. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();
  #count = 0;

  /** The number of tasks that run or wait. */
  get pending(): number {
    return this.#count;
  }

  /** Runs `work` when all earlier tasks have ended, even if they failed. */
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
