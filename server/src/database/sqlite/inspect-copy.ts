import { open } from 'node:fs/promises';
import { isUnfinishedPreview, unknownMigrations, UNFINISHED_PREVIEW } from '../migrations/index.js';
import { SqliteWorkers } from './sqlite-workers.js';

const MAGIC = 'SQLite format 3\0';

/** What a file that is meant to be a copy of the database holds, or what is wrong with it, in a sentence. */
export type CopyInspection =
  | { readonly sound: true; readonly schema: string; readonly rowCounts: Readonly<Record<string, number>> }
  | { readonly sound: false; readonly fault: string };

const fault = (sentence: string): CopyInspection => ({ sound: false, fault: sentence });

/**
 * Opens a copy again, in a thread of its own, and looks at all of it: whether it is sound, one of ours, of a schema this
 * version knows, and how much it holds.
 */
export const inspectCopy = async (file: string): Promise<CopyInspection> => {
  if (!(await isSqliteFile(file))) return fault('It is not an SQLite database.');
  const copy = new SqliteWorkers(file);
  try {
    return await inspect(copy);
  } catch (error) {
    return fault(`It is damaged and cannot be read: ${(error as Error).message}`);
  } finally {
    await copy.close();
  }
};

/** Whether a file begins as SQLite's do; nothing is opened by SQLite for it. */
export const isSqliteFile = async (file: string): Promise<boolean> => {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
    return buffer.subarray(0, bytesRead).toString('latin1') === MAGIC;
  } finally {
    await handle.close();
  }
};

const inspect = async (copy: SqliteWorkers): Promise<CopyInspection> => {
  const rows = async <R>(sql: string): Promise<readonly R[]> => (await copy.query(sql, [])) as readonly R[];
  const [first] = await rows<{ readonly integrity_check: string }>('PRAGMA integrity_check(1)');
  if (first?.integrity_check !== 'ok') return fault(`It is damaged: ${first?.integrity_check ?? 'nothing is in it'}.`);
  const tables = await rows<{ readonly name: string }>(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
  );
  if (!tables.some(({ name }) => name === 'schema_migrations')) return fault('It is no database of Opstage CE.');
  const schemas = await rows<{ readonly name: string }>('SELECT name FROM schema_migrations ORDER BY timestamp, id');
  const recorded = schemas.map(({ name }) => name);
  const newest = recorded.at(-1);
  if (newest === undefined) return fault('It is no database of Opstage CE.');
  const [unknown] = unknownMigrations(recorded);
  if (unknown) return fault(`It was made by a newer version: this one does not know the schema ${unknown}.`);
  if (
    isUnfinishedPreview(
      recorded,
      tables.some(({ name }) => name === 'passkeys'),
    )
  )
    return fault(UNFINISHED_PREVIEW);
  const counts = tables.map(({ name }) => `(SELECT COUNT(*) FROM "${name}") AS "${name}"`).join(', ');
  const [rowCounts] = await rows<Record<string, number>>(`SELECT ${counts}`);
  return { sound: true, schema: newest, rowCounts: rowCounts ?? {} };
};
