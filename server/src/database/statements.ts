import type { SqlParameters } from './named-sql.js';

/** Statements that are written by hand, with `:name` and `:...name` parameters, on one connection. */
export interface Statements {
  /** The rows of a SELECT. @throws QueryFailedError */
  rows<R>(text: string, parameters: SqlParameters): Promise<R[]>;
  /** How many rows a statement inserted, changed or deleted. @throws QueryFailedError */
  changes(text: string, parameters: SqlParameters): Promise<number>;
}
