import { Database } from '../../src/database/database.js';
import { entities } from '../../src/entities.js';
import type { TestApp } from './start-test-app.js';

/** Everything that is stored, as one text: what must not rest in the database is not in it. */
export const storedText = async (app: TestApp): Promise<string> => {
  const manager = app.nest.get(Database).manager();
  const rows: unknown[] = [];
  for (const entity of entities) {
    const { tableName } = manager.dataSource.getMetadata(entity);
    rows.push(await manager.query<unknown>(`SELECT * FROM ${tableName}`));
  }
  return JSON.stringify(rows);
};
