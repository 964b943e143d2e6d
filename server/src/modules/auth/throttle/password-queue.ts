import { FairQueue } from '../../../common/memory/fair-queue.js';

/** With more attempts than this ahead of it, a new one would be answered after its client has given up. */
const MAX_PENDING = 50;
/** Of these, one account name may have this many, from wherever, and one address this many, whatever the names. */
const MAX_PENDING_PER_NAME = 10;
const MAX_PENDING_PER_ADDRESS = 25;

/** Whose attempt it is. */
export interface AttemptSource {
  /** The account, whether or not it exists. */
  readonly name: string;
  /** An address, or a whole IPv6 /64; null where the address says nothing, as for a user who has signed in. */
  readonly address: string | null;
}

/**
 * Checks passwords one at a time. Names and addresses take turns, and none of them can fill the queue: many sign-ins of one user, with
 * the right password or not, neither turn another's away nor make it wait for all of them.
 */
export class PasswordQueue {
  readonly #turns = new FairQueue();
  readonly #pending = new Map<string, number>();
  #total = 0;

  /** The number of attempts that run or wait. */
  get pending(): number {
    return this.#total;
  }

  /** Whether another attempt from this source would wait too long, or leave too little room for others. */
  isFull({ name, address }: AttemptSource): boolean {
    if (this.#total >= MAX_PENDING || this.#pendingOf(nameKey(name)) >= MAX_PENDING_PER_NAME) return true;
    return address !== null && this.#pendingOf(addressKey(address)) >= MAX_PENDING_PER_ADDRESS;
  }

  /** Runs `work` when it is the turn of its source. */
  async run<T>({ name, address }: AttemptSource, work: () => Promise<T>): Promise<T> {
    const owner = [...(address === null ? [] : [addressKey(address)]), nameKey(name)];
    this.#count(owner, 1);
    try {
      return await this.#turns.run(owner, false, work);
    } finally {
      this.#count(owner, -1);
    }
  }

  #pendingOf(key: string): number {
    return this.#pending.get(key) ?? 0;
  }

  #count(keys: readonly string[], change: 1 | -1): void {
    this.#total += change;
    for (const key of keys) {
      const pending = this.#pendingOf(key) + change;
      if (pending === 0) this.#pending.delete(key);
      else this.#pending.set(key, pending);
    }
  }
}

const nameKey = (name: string): string => `name ${name.toLowerCase()}`;
const addressKey = (address: string): string => `address ${address}`;
