import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { AuditAction, Change, CommandId } from '#contracts';
import { ChangeFeed, type Unsubscribe } from '../../changes/change-feed.js';
import { shuttingDown } from '../command.errors.js';
import { CommandsRepository } from '../commands.repository.js';

const ENDS: ReadonlySet<AuditAction | undefined> = new Set([
  'command.completed',
  'command.failed',
  'command.cancelled',
  'system.command.expired',
]);

interface Waiter {
  readonly end: () => void;
  readonly fail: (error: Error) => void;
}

/** Tells who waits for a command that it has ended, the moment that is committed. Nobody polls the database for it. */
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
      changes.on('command', (change) => {
        if (isEnd(change)) this.#end(change.id as CommandId);
      }),
      changes.onGap(() => void this.#endMissed()),
    ];
  }

  /**
   * Starts waiting now, so that an end between creating the command and awaiting the promise is not missed. Resolves
   * true at its end, false after `timeoutMs`. @throws SERVICE_UNAVAILABLE at shutdown
   */
  waitForEnd(id: CommandId, timeoutMs: number): Promise<boolean> {
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
      // Each wait has an end of its own.
      this.#logger.warn(error);
    }
  }

  #remove(id: CommandId, waiter: Waiter): void {
    const waiters = this.#waiters.get(id);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#waiters.delete(id);
  }
}

const isEnd = ({ topic, action }: Change): boolean => topic === 'command' && ENDS.has(action);
