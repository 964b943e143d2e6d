import { getMetadataArgsStorage } from 'typeorm';
import { Database } from '../../src/database/database.js';
import { entities } from '../../src/entities.js';
import type { TestApp } from './start-test-app.js';

const tableOf = (entity: object): string => {
  const name = getMetadataArgsStorage().tables.find(({ target }) => target === entity)?.name;
  if (name === undefined) throw new Error('An entity has no table.');
  return name;
};

/** Every stored row, sorted, by table name, so that two snapshots can be compared. */
export const storedRows = async (app: TestApp): Promise<Readonly<Record<string, readonly string[]>>> => {
  const db = app.nest.get(Database);
  const tables: Record<string, readonly string[]> = {};
  for (const table of entities.map(tableOf)) {
    const rows = await db.query<object>(`SELECT * FROM ${table}`);
    tables[table] = rows.map((row) => JSON.stringify(row)).sort();
  }
  return tables;
};
