import { monotonicFactory } from 'ulid';
import type { Id, IdPrefix } from '#contracts';
import { randomShares } from './random-share.js';

/** Makes ids. Two made in the same millisecond still sort in the order they were made. */
export class Ids {
  readonly #next = monotonicFactory(randomShares());

  make<P extends IdPrefix>(prefix: P): Id<P> {
    return `${prefix}_${this.#next()}`;
  }
}
