/** Calls `act` at once, then at most once every `ms`; the last request is never lost. */
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

  /** Acts immediately, which covers everything requested so far. */
  now(): void {
    this.stop();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#isAsked) this.now();
    }, this.ms);
    this.act();
  }

  /** Cancels what was requested. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#isAsked = false;
  }
}
