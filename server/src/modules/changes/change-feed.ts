import { Injectable, Logger } from '@nestjs/common';
import { type Change, ChangeTopic } from '#contracts';
import type { Tx } from '../../database/tx.js';

/** Receives each published change. */
export type ChangeListener = (change: Change) => void;

/** Ends a subscription; calling it again changes nothing. */
export type Unsubscribe = () => void;

/**
 * Publishes changes to listeners in this process once they are durable, so that nothing polls the database for news. A
 * relay can carry them to other replicas.
 */
@Injectable()
export class ChangeFeed {
  readonly #logger = new Logger(ChangeFeed.name);
  readonly #byTopic = new Map<ChangeTopic, Set<ChangeListener>>();
  readonly #onLocal = new Set<ChangeListener>();
  readonly #onGap = new Set<() => void>();
  #relay: ChangeListener | null = null;
  #hearsReplicas = true;

  /** Whether changes of other replicas arrive by themselves; while they do not, gaps are reported every few seconds. */
  get hearsReplicas(): boolean {
    return this.#hearsReplicas;
  }

  /** Publishes `change` when `tx` is committed; never if it is rolled back. */
  publish(tx: Tx, change: Change): void {
    tx.afterCommit(() => {
      this.#relay?.(change);
      this.#notify(this.#onLocal, change);
      this.receive(change);
    });
  }

  /** Calls `listener` for each change of `topic`, made here or on another replica. */
  on(topic: ChangeTopic, listener: ChangeListener): Unsubscribe {
    const listeners = this.#byTopic.get(topic) ?? new Set();
    this.#byTopic.set(topic, listeners);
    return add(listeners, listener);
  }

  /** Calls `listener` for each change of any topic, made here or on another replica. */
  onEvery(listener: ChangeListener): Unsubscribe {
    const subscriptions = Object.values(ChangeTopic).map((topic) => this.on(topic, listener));
    return () => {
      for (const unsubscribe of subscriptions) unsubscribe();
    };
  }

  /** Calls `listener` for each change made in this process, of any topic. */
  onLocal(listener: ChangeListener): Unsubscribe {
    return add(this.#onLocal, listener);
  }

  /** Calls `listener` when changes may have been missed, so that anything derived from them may be wrong. */
  onGap(listener: () => void): Unsubscribe {
    return add(this.#onGap, listener);
  }

  /** Sets the function that carries this process's changes to other replicas. */
  setRelay(relay: ChangeListener): void {
    this.#relay = relay;
  }

  /** Records whether changes of other replicas arrive. */
  setHearsReplicas(hears: boolean): void {
    this.#hearsReplicas = hears;
  }

  /** Delivers a change that another replica published. */
  receive(change: Change): void {
    const listeners = this.#byTopic.get(change.topic);
    if (listeners) this.#notify(listeners, change);
  }

  /** Reports that changes of other replicas may have been missed. */
  reportGap(): void {
    this.#notify(this.#onGap, undefined);
  }

  #notify<T>(listeners: ReadonlySet<(news: T) => void>, news: T): void {
    for (const listener of listeners) {
      try {
        listener(news);
      } catch (error) {
        // The change is committed, and the other listeners still need it.
        this.#logger.error(error);
      }
    }
  }
}

const add = <T>(listeners: Set<T>, listener: T): Unsubscribe => {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
};
