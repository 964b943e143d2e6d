import { open } from 'node:fs/promises';
import { isUnfinishedPreview, unknownMigrations, UNFINISHED_PREVIEW } from '../migrations/index.js';
import { SqliteWorkers } from './sqlite-workers.js';

const MAGIC = 'SQLite format 3\0';

/** The content of a file that should be a copy of the database, or a sentence that says why it is not one. */
export type CopyInspection =
  | { readonly valid: true; readonly schema: string; readonly rowCounts: Readonly<Record<string, number>> }
  | { readonly valid: false; readonly reason: string };

/**
 * Opens a copy in a worker thread and reads all of it: whether it is undamaged, a database of Opstage CE with a schema that
 * this version knows, and how many rows it has. When `stop` aborts, it counts as damaged.
 */
export const inspectCopy = async (file: string, stop?: AbortSignal): Promise<CopyInspection> => {
  if (!(await isSqliteFile(file))) return invalid('It is not an SQLite database.');
  const copy = new SqliteWorkers(file);
  stop?.addEventListener('abort', () => void copy.close(), { once: true });
  try {
    return await inspect(copy);
  } catch (error) {
    return invalid(`It is damaged and cannot be read: ${(error as Error).message}`);
  } finally {
    await copy.close();
  }
};

/** Whether a file begins like a SQLite database; read without SQLite. */
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
  if (first?.integrity_check !== 'ok')
    return invalid(`It is damaged: ${first?.integrity_check ?? 'nothing is in it'}.`);
  const tables = await rows<{ readonly name: string }>(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
  );
  if (!tables.some(({ name }) => name === 'schema_migrations')) return invalid('It is no database of Opstage CE.');
  const schemas = await rows<{ readonly name: string }>('SELECT name FROM schema_migrations ORDER BY timestamp, id');
  const recorded = schemas.map(({ name }) => name);
  const newest = recorded.at(-1);
  if (newest === undefined) return invalid('It is no database of Opstage CE.');
  const [unknown] = unknownMigrations(recorded);
  if (unknown) return invalid(`It was made by a newer version: this one does not know the schema ${unknown}.`);
  if (
    isUnfinishedPreview(
      recorded,
      tables.some(({ name }) => name === 'passkeys'),
    )
  )
    return invalid(UNFINISHED_PREVIEW);
  const counts = tables.map(({ name }) => `(SELECT COUNT(*) FROM "${name}") AS "${name}"`).join(', ');
  const [rowCounts] = await rows<Record<string, number>>(`SELECT ${counts}`);
  return { valid: true, schema: newest, rowCounts: rowCounts ?? {} };
};

const invalid = (reason: string): CopyInspection => ({ valid: false, reason });
