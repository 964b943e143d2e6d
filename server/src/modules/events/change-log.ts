import { randomBytes } from 'node:crypto';
import type { Change } from '#contracts';

/** What a console that was away for a moment can still be told. */
const CAPACITY = 2_000;

/** A change with the id under which a reader says what it has heard. */
export interface LoggedChange {
  readonly id: string;
  readonly change: Change;
}

/** The newest changes in order. Its ids mean nothing to another process. */
export class ChangeLog {
  readonly #process = randomBytes(6).toString('base64url');
  readonly #changes: LoggedChange[] = [];
  #count = 0;

  /** The id of the newest change, or of the beginning. */
  get newestId(): string {
    return this.#idOf(this.#count);
  }

  append(change: Change): LoggedChange {
    this.#count += 1;
    const logged = { id: this.newestId, change };
    this.#changes.push(logged);
    if (this.#changes.length > CAPACITY) this.#changes.shift();
    return logged;
  }

  /** What came after this id; null when that is not known any more, or the id is not one of this process. */
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
