/** Acts at once, and then at most once in `ms` while it is asked again; the last asking is never lost. */
export class Throttle {
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isAsked = false;

  constructor(
    private readonly act: () => void,
    private readonly ms: number,
  ) {}

  ask(): void {
    if (this.#timer === null) this.now();
    else this.#isAsked = true;
  }

  /** Acts whatever was before, for all that was asked so far. */
  now(): void {
    this.stop();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#isAsked) this.now();
    }, this.ms);
    this.act();
  }

  /** Forgets what was asked. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#isAsked = false;
  }
}
