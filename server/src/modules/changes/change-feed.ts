import { Injectable, Logger } from '@nestjs/common';
import type { Change } from '#contracts';
import type { Tx } from '../../database/tx.js';

export interface ChangeListener {
  onChange?(change: Change): void;
  /** As {@link onChange}, of what was done in this process only. */
  onOwnChange?(change: Change): void;
  /** Changes may have been missed: what was remembered because of this feed may be wrong. */
  onGap?(): void;
}

/**
 * Tells what changed, once it is durable, to whoever listens in this process: nobody polls the database for news. A
 * relay may carry it on to other replicas.
 */
@Injectable()
export class ChangeFeed {
  readonly #logger = new Logger(ChangeFeed.name);
  readonly #listeners = new Set<ChangeListener>();
  #relay: ((change: Change) => void) | null = null;

  /** Announces `change` when `tx` is committed; never if it is rolled back. */
  publish(tx: Tx, change: Change): void {
    tx.afterCommit(() => {
      this.#relay?.(change);
      this.#tellAll((listener) => listener.onOwnChange?.(change));
      this.receive(change);
    });
  }

  /** From now on tells `listener`, until the returned function is called. */
  subscribe(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Has `relay` carry what this process announces to the others. */
  setRelay(relay: (change: Change) => void): void {
    this.#relay = relay;
  }

  /** Takes over a change that another replica announced. */
  receive(change: Change): void {
    this.#tellAll((listener) => listener.onChange?.(change));
  }

  /** Says that changes of other replicas may have been missed. */
  reportGap(): void {
    this.#tellAll((listener) => listener.onGap?.());
  }

  #tellAll(tell: (listener: ChangeListener) => void): void {
    for (const listener of this.#listeners) {
      try {
        tell(listener);
      } catch (error) {
        // The change stands, and the others must hear of it.
        this.#logger.error(error);
      }
    }
  }
}
