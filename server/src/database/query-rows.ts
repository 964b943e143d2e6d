import type { DataSource, EntityManager } from 'typeorm';
import type { DatabaseKind } from '#contracts';
import { bindSql, type SqlParameters } from './named-sql.js';

export const kindOf = ({ options }: DataSource): DatabaseKind => (options.type === 'postgres' ? 'postgres' : 'sqlite');

/** Rows of a SELECT that is written by hand, with `:name` and `:...name` parameters. */
export const queryRows = async <R>(manager: EntityManager, text: string, parameters: SqlParameters): Promise<R[]> => {
  const { sql, values } = bindSql(kindOf(manager.dataSource), text, parameters);
  return manager.query<R[]>(sql, values);
};
