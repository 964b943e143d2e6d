import { randomBytes } from 'node:crypto';
import type { Change } from '#contracts';

/** How many changes a client that reconnects can catch up on. */
const CAPACITY = 2_000;

/** A change with its event id, which a client sends back to continue after it. */
export interface LoggedChange {
  readonly id: string;
  readonly change: Change;
}

/** The newest changes, in order. Ids are valid in this process only. */
export class ChangeLog {
  readonly #process = randomBytes(6).toString('base64url');
  readonly #changes: LoggedChange[] = [];
  #count = 0;

  /** The id of the newest change, or of the start of the log. */
  get newestId(): string {
    return this.#idOf(this.#count);
  }

  /** Adds a change and gives it an id. */
  append(change: Change): LoggedChange {
    this.#count += 1;
    const logged = { id: this.newestId, change };
    this.#changes.push(logged);
    if (this.#changes.length > CAPACITY) this.#changes.shift();
    return logged;
  }

  /** The changes after an id; null when the log no longer reaches back that far or the id is from another process. */
  after(id: string): readonly LoggedChange[] | null {
    const [, process, number] = /^(.+)\.(\d{1,15})$/.exec(id) ?? [];
    const missed = this.#count - Number(number);
    if (process !== this.#process || missed < 0 || missed > this.#changes.length) return null;
    return missed === 0 ? [] : this.#changes.slice(-missed);
  }

  #idOf(count: number): string {
    return `${this.#process}.${count}`;
  }
}
