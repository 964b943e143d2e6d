import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseKind } from '#contracts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { entities } from '../entities.js';
import type { Database } from './database.js';
import { isUniqueViolation } from './errors.js';
import { openDatabase } from './open-database.js';

describe.each<DatabaseKind>(['sqlite', 'postgres'])('isUniqueViolation on %s', (kind) => {
  let folder: string;
  let store: TestDatabase;
  let db: Database;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-unique-'));
    store = await createTestDatabase(kind, folder);
    db = await openDatabase({ database: store.config, backupDir: join(folder, 'backups') }, entities);
    await run(`INSERT INTO settings (id, key, value, updated_at) VALUES ('set_1', 'taken', '{}', 0)`);
  });

  afterAll(async () => {
    await db.close();
    await store.drop();
    rmSync(folder, { recursive: true });
  });

  const run = (sql: string): Promise<unknown> => db.transaction((tx) => tx.execute(sql));
  const errorOf = (sql: string): Promise<unknown> =>
    run(sql).then(
      () => null,
      (error: unknown) => error,
    );

  it.each([
    ['another row has the key', `INSERT INTO settings (id, key, value, updated_at) VALUES ('set_2', 'taken', '{}', 0)`],
    ['another row has the id', `INSERT INTO settings (id, key, value, updated_at) VALUES ('set_1', 'free', '{}', 0)`],
  ])('is so when %s', async (_, sql) => {
    expect(isUniqueViolation(await errorOf(sql))).toBe(true);
  });

  it.each([
    ['a value is missing', `INSERT INTO settings (id, key, updated_at) VALUES ('set_3', 'free', 0)`],
    [
      'what a row belongs to is missing',
      `INSERT INTO agent_tokens VALUES ('atk_1', 'agt_none', 'hash', 0, NULL, NULL)`,
    ],
    ['the statement makes no sense', 'SELECT nothing FROM nowhere'],
  ])('is not so when %s', async (_, sql) => {
    const error = await errorOf(sql);
    expect(error).toBeInstanceOf(Error);
    expect(isUniqueViolation(error)).toBe(false);
  });

  it.each([null, undefined, 'text', new Error('a bug'), {}])('is not so for what no database threw', (thrown) => {
    expect(isUniqueViolation(thrown)).toBe(false);
  });
});
