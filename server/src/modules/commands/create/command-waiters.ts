import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { CommandId } from '#contracts';
import { ChangeFeed, type Unsubscribe } from '../../changes/change-feed.js';
import { END_EVENTS } from '../command-lifecycle.js';
import { shuttingDown } from '../command.errors.js';
import { CommandsRepository } from '../commands.repository.js';

interface Waiter {
  readonly end: () => void;
  readonly fail: (error: Error) => void;
}

/** Callers that wait for the end of a command. They continue the moment it is committed; nothing polls the database. */
@Injectable()
export class CommandWaiters implements OnModuleDestroy {
  readonly #logger = new Logger(CommandWaiters.name);
  readonly #waiters = new Map<CommandId, Set<Waiter>>();
  readonly #subscriptions: readonly Unsubscribe[];

  constructor(
    changes: ChangeFeed,
    private readonly commands: CommandsRepository,
  ) {
    this.#subscriptions = [
      changes.on('command', ({ id, action }) => {
        if (END_EVENTS.has(action)) this.#end(id as CommandId);
      }),
      changes.onGap(() => void this.#endMissed()),
    ];
  }

  /**
   * Starts waiting at once, so that an end between creating the command and awaiting the promise is not missed. Resolves
   * to true at its end, to false after `timeoutMs`. @throws SERVICE_UNAVAILABLE at shutdown
   */
  waitForEnd(id: CommandId, timeoutMs: number): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    const end = (): void => {
      resolve(true);
    };
    const waiter: Waiter = { end, fail: reject };
    const timer = setTimeout(() => {
      resolve(false);
    }, timeoutMs);
    this.#waiters.set(id, (this.#waiters.get(id) ?? new Set()).add(waiter));
    return promise.finally(() => {
      clearTimeout(timer);
      this.#remove(id, waiter);
    });
  }

  onModuleDestroy(): void {
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    for (const waiter of [...this.#waiters.values()].flatMap((set) => [...set])) waiter.fail(shuttingDown());
  }

  #end(id: CommandId): void {
    for (const { end } of this.#waiters.get(id) ?? []) end();
  }

  async #endMissed(): Promise<void> {
    try {
      for (const id of await this.commands.listEnded([...this.#waiters.keys()])) this.#end(id);
    } catch (error) {
      // Every waiter has its own timeout.
      this.#logger.warn(error);
    }
  }

  #remove(id: CommandId, waiter: Waiter): void {
    const waiters = this.#waiters.get(id);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#waiters.delete(id);
  }
}
