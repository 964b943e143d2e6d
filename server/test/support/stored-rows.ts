import { Database } from '../../src/database/database.js';
import { entities } from '../../src/entities.js';
import type { TestApp } from './start-test-app.js';

/** Every row of every table, by the name of its table; in an order of its own, so that two can be compared. */
export const storedRows = async (app: TestApp): Promise<Readonly<Record<string, readonly string[]>>> => {
  const manager = app.nest.get(Database).manager();
  const tables: Record<string, readonly string[]> = {};
  for (const entity of entities) {
    const { tableName } = manager.dataSource.getMetadata(entity);
    const rows = await manager.query<readonly object[]>(`SELECT * FROM ${tableName}`);
    tables[tableName] = rows.map((row) => JSON.stringify(row)).sort();
  }
  return tables;
};
