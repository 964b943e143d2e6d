import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PRELOAD = pathToFileURL(join(__dirname, 'warp-date.mjs')).href;

/** The time of day of a real server process, which the test sets while it runs. Its monotonic time stays true. */
export class WarpedClock {
  readonly #file: string;

  /** `folder` keeps the file that says how far the clock is off. */
  constructor(folder: string) {
    this.#file = join(folder, 'warped-clock');
    this.set(0);
  }

  /** Sets the clock this many seconds ahead of the real time, or behind; the process notices within 20 ms. */
  set(seconds: number): void {
    writeFileSync(`${this.#file}.draft`, String(seconds));
    renameSync(`${this.#file}.draft`, this.#file);
  }

  /** What the process is started with. */
  get nodeArguments(): readonly string[] {
    return [`--import=${PRELOAD}`];
  }

  /** The environment that the process is started with. */
  get settings(): Readonly<Record<string, string>> {
    return { WARPED_CLOCK_FILE: this.#file };
  }
}
