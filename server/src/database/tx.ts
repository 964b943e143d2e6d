import type { EntityManager, ObjectLiteral } from 'typeorm';

/**
 * One caller's transaction. It is valid only while that caller's work runs: on SQLite the connection is shared, and a
 * statement that came later would land in somebody else's transaction.
 */
export class Tx {
  readonly #afterCommit: (() => void)[] = [];
  #open = true;

  constructor(private readonly entityManager: EntityManager) {}

  /** @throws Error once the work this was made for has ended */
  get manager(): EntityManager {
    if (!this.#open) throw new Error('This transaction has ended; a statement was not awaited.');
    return this.entityManager;
  }

  /** Inserts a complete row. */
  async insert<E extends object>(entity: new () => E, row: E): Promise<void> {
    // TypeORM's own type gives up on columns that hold arbitrary JSON; a complete row is the stricter demand anyway.
    await this.manager.insert<ObjectLiteral>(entity, row);
  }

  /** Inserts a complete row, unless one with the same key is there already. */
  async insertIfAbsent<E extends object>(entity: new () => E, row: E): Promise<void> {
    await this.manager.createQueryBuilder().insert().into<ObjectLiteral>(entity).values(row).orIgnore().execute();
  }

  /**
   * One conditional UPDATE: sets `changes` on the rows for which `condition` (columns by property name) holds, and
   * returns how many there were. Races are settled by that number.
   */
  async update<E extends object>(
    entity: new () => E,
    changes: Partial<{ [K in keyof E]: E[K] | (() => string) }>,
    condition: string,
    parameters: ObjectLiteral,
  ): Promise<number> {
    const result = await this.manager
      .createQueryBuilder()
      .update<ObjectLiteral>(entity)
      .set(changes)
      .where(condition, parameters)
      .execute();
    return result.affected ?? 0;
  }

  /** Runs `callback` once the transaction is durable, before its caller is answered; never if it is rolled back. */
  afterCommit(callback: () => void): void {
    this.#afterCommit.push(callback);
  }

  /** For the database only: the work has ended, no statement is accepted from here on. */
  close(): void {
    this.#open = false;
  }

  /** For the database only: the work was rolled back, so there is no news. */
  discard(): void {
    this.#afterCommit.length = 0;
  }

  /** For the database only: tells the listeners. The commit stands whatever one of them does with the news. */
  announce(onError: (error: unknown) => void): void {
    for (const callback of this.#afterCommit) {
      try {
        callback();
      } catch (error) {
        onError(error);
      }
    }
  }
}
