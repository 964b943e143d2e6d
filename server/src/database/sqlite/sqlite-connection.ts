import type BetterSqlite3 from 'better-sqlite3';

/** How long a statement waits for another process that writes. */
export const BUSY_TIMEOUT_MS = 5_000;

const SYNCHRONOUS_FULL = 2;

/** Sets what the durability of a connection rests on, before TypeORM uses it. */
export const preparePragmas = (db: BetterSqlite3.Database, readonly: boolean): void => {
  // Of a file that is still empty: this comes before its first page. Another is rearranged at the start of the server.
  if (!readonly) db.pragma('auto_vacuum = INCREMENTAL');
  // The journal mode belongs to the file; a read-only connection finds it set.
  if (!readonly) {
    db.pragma('journal_mode = WAL');
    // What is erased, a sealed secret for one, is overwritten wherever its page is written anyway.
    db.pragma('secure_delete = FAST');
  }
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  db.pragma('cache_size = -32000');
  // 16 MB of log before it is worked into the file, instead of 4: the same pages change again and again.
  db.pragma('wal_autocheckpoint = 4000');
  db.pragma('temp_store = MEMORY');
};

/** @throws Error when a connection would not keep what it acknowledges: better no start than a lossy one */
export const assertPragmas = (db: BetterSqlite3.Database): void => {
  const expected = {
    journal_mode: 'wal',
    synchronous: SYNCHRONOUS_FULL,
    foreign_keys: 1,
    busy_timeout: BUSY_TIMEOUT_MS,
  };
  for (const [name, value] of Object.entries(expected)) {
    const actual: unknown = db.pragma(name, { simple: true });
    if (actual !== value) throw new Error(`SQLite runs with ${name} = ${String(actual)}, not ${value}.`);
  }
};
