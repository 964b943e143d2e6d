import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { Database } from './database.js';

/** A count of more, or that took longer, is used again for a while: some more or less change nothing then. */
const MANY = 20_000;
const SLOW_MS = 200;
const FRESH_MS = 10_000;
const MAX_REMEMBERED = 200;

interface Remembered {
  readonly total: number;
  readonly countedAt: number;
  counting: boolean;
}

/**
 * Counts what lists hold, beside the serving thread. What is counted quickly is exact; what takes long is told as it was
 * some seconds ago, and counted anew meanwhile.
 */
export class ListTotals {
  readonly #remembered = new Map<string, Remembered>();

  constructor(private readonly db: Database) {}

  /** How many rows the query finds; its order and limits do not matter. */
  async of<E extends ObjectLiteral>(query: SelectQueryBuilder<E>): Promise<number> {
    const [sql, values] = query.clone().select('COUNT(*)', 'total').orderBy().getQueryAndParameters();
    const key = `${sql} ${JSON.stringify(values)}`;
    const known = this.#remembered.get(key);
    if (!known) return this.#count(key, sql, values);
    if (performance.now() - known.countedAt > FRESH_MS && !known.counting) {
      known.counting = true;
      this.#count(key, sql, values).catch(() => {
        this.#remembered.delete(key);
      });
    }
    return known.total;
  }

  async #count(key: string, sql: string, values: readonly unknown[]): Promise<number> {
    const startedAt = performance.now();
    const [row] = await this.db.queryAside<{ readonly total: string | number }>(sql, values);
    const total = Number(row?.total ?? 0);
    const now = performance.now();
    this.#remembered.delete(key);
    if (total > MANY || now - startedAt > SLOW_MS) this.#remember(key, total, now);
    return total;
  }

  #remember(key: string, total: number, countedAt: number): void {
    this.#remembered.set(key, { total, countedAt, counting: false });
    const oldest = this.#remembered.keys().next().value;
    if (this.#remembered.size > MAX_REMEMBERED && oldest !== undefined) this.#remembered.delete(oldest);
  }
}
