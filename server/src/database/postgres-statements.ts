import type { EntityManager } from 'typeorm';
import { bindSql, type SqlParameters } from './named-sql.js';
import type { Statements } from './statements.js';

/** Statements on the connection of a transaction, or on whichever of the pool is free. */
export class PostgresStatements implements Statements {
  constructor(private readonly manager: EntityManager) {}

  rows<R>(text: string, parameters: SqlParameters): Promise<R[]> {
    const { sql, values } = bindSql('postgres', text, parameters);
    return this.manager.query<R[]>(sql, values);
  }

  async changes(text: string, parameters: SqlParameters): Promise<number> {
    const { queryRunner } = this.manager;
    if (!queryRunner) throw new Error('A change needs a transaction.');
    const { sql, values } = bindSql('postgres', text, parameters);
    const result = (await queryRunner.query(sql, values, true)) as { readonly affected?: number };
    return result.affected ?? 0;
  }
}
