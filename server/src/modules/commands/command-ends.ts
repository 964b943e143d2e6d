import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { CommandId } from '#contracts';
import type { Tx } from '../../database/tx.js';
import { shuttingDown } from './command.errors.js';

interface Waiter {
  readonly end: () => void;
  readonly fail: (error: Error) => void;
}

/** Tells who waits for a command that it has ended, the moment that is committed. Nobody polls the database for it. */
@Injectable()
export class CommandEnds implements OnModuleDestroy {
  readonly #waiters = new Map<CommandId, Set<Waiter>>();

  /** Announces the end once `tx` is durable. */
  announce(tx: Tx, id: CommandId): void {
    tx.afterCommit(() => {
      for (const { end } of this.#waiters.get(id) ?? []) end();
    });
  }

  /**
   * Starts waiting now, so that an end between creating the command and awaiting the promise is not missed. Resolves
   * true at its end, false after `timeoutMs`. @throws SERVICE_UNAVAILABLE at shutdown
   */
  wait(id: CommandId, timeoutMs: number): Promise<boolean> {
    return new Promise<boolean>((resolve, reject) => {
      const settle = (act: () => void) => () => {
        clearTimeout(timer);
        this.#remove(id, waiter);
        act();
      };
      const waiter: Waiter = {
        end: settle(() => {
          resolve(true);
        }),
        fail: (error) => {
          settle(() => {
            reject(error);
          })();
        },
      };
      const timer = setTimeout(
        settle(() => {
          resolve(false);
        }),
        timeoutMs,
      );
      this.#waiters.set(id, (this.#waiters.get(id) ?? new Set()).add(waiter));
    });
  }

  onModuleDestroy(): void {
    for (const waiter of [...this.#waiters.values()].flatMap((set) => [...set])) waiter.fail(shuttingDown());
  }

  #remove(id: CommandId, waiter: Waiter): void {
    const waiters = this.#waiters.get(id);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#waiters.delete(id);
  }
}
