import type BetterSqlite3 from 'better-sqlite3';
import { QueryFailedError } from 'typeorm';
import { bindSql, type SqlParameters, type Statements } from '../sql/named-parameters.js';

/** Statements are written in code, so there are few; one with a list counts once for each length. */
const MAX_PREPARED = 500;

/**
 * Prepared statements on one connection. Each runs synchronously within the call, whereas TypeORM awaits its listeners
 * before and after.
 */
export class SqliteStatements implements Statements {
  readonly #prepared = new Map<string, BetterSqlite3.Statement>();

  constructor(private readonly db: BetterSqlite3.Database) {}

  /** A statement of the transaction itself. @throws QueryFailedError */
  execute(sql: string): void {
    this.#use(sql, [], (statement) => statement.run());
  }

  rows<R>(text: string, parameters: SqlParameters): Promise<R[]> {
    return promised(() => {
      const { sql, values } = bindSql('sqlite', text, parameters);
      return this.#use(sql, values, (statement, bound) => {
        if (!statement.readonly) throw new Error('A statement that returns rows must not change any.');
        return statement.all(...bound) as R[];
      });
    });
  }

  changes(text: string, parameters: SqlParameters): Promise<number> {
    return promised(() => {
      const { sql, values } = bindSql('sqlite', text, parameters);
      return this.#use(sql, values, (statement, bound) => statement.run(...bound).changes);
    });
  }

  #use<T>(sql: string, values: unknown[], use: (statement: BetterSqlite3.Statement, bound: unknown[]) => T): T {
    try {
      return use(this.#prepare(sql), values);
    } catch (error) {
      throw new QueryFailedError(sql, values, error as Error);
    }
  }

  #prepare(sql: string): BetterSqlite3.Statement {
    const known = this.#prepared.get(sql);
    if (known) return known;
    const statement = this.db.prepare(sql);
    if (this.#prepared.size >= MAX_PREPARED) this.#prepared.clear();
    this.#prepared.set(sql, statement);
    return statement;
  }
}

/** Turns what `run` returns or throws into a promise. */
const promised = <T>(run: () => T): Promise<T> =>
  new Promise((resolve) => {
    resolve(run());
  });
