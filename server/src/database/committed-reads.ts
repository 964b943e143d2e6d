import type BetterSqlite3 from 'better-sqlite3';
import type { SqlParameters } from './named-sql.js';
import { SqliteStatements } from './sqlite-statements.js';
import type { Statements } from './statements.js';

/**
 * Reads what is committed: on the connection that writes while it is in no transaction, else on the one that only reads.
 * After each commit the latter has to read every page anew from the log, which takes several times as long as the
 * reading itself; the former wrote those pages and has them.
 */
export class CommittedReads implements Pick<Statements, 'rows'> {
  readonly #ofWriter: SqliteStatements;
  readonly #ofReader: SqliteStatements;

  constructor(
    private readonly writer: BetterSqlite3.Database,
    reader: BetterSqlite3.Database,
  ) {
    this.#ofWriter = new SqliteStatements(writer);
    this.#ofReader = new SqliteStatements(reader);
  }

  rows<R>(text: string, parameters: SqlParameters): Promise<R[]> {
    // Nothing can come in between: the statement has run when the call returns.
    const statements = this.writer.inTransaction ? this.#ofReader : this.#ofWriter;
    return statements.rows<R>(text, parameters);
  }
}
