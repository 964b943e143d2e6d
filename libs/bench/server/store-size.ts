import BetterSqlite3 from 'better-sqlite3';

/** The content of a store at one moment. */
export interface StoreSize {
  /** Size of the used pages, without free ones. */
  readonly bytes: number;
  /** Number of rows per table, and of audit events per action. */
  readonly rows: ReadonlyMap<string, number>;
}

interface Count {
  readonly name: string;
  readonly count: number;
}

/** Reads a SQLite store while its server runs, including commits in the write-ahead log. */
export const storeSize = (file: string): StoreSize => {
  const db = new BetterSqlite3(file, { readonly: true });
  try {
    const number = (name: string): number => Number(db.pragma(name, { simple: true }));
    const tables = db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all() as { name: string }[];
    const rows = new Map<string, number>();
    for (const { name } of tables) {
      const { count } = db.prepare(`SELECT COUNT(*) AS count FROM "${name}"`).get() as Count;
      rows.set(name, count);
    }
    const actions = db.prepare(`SELECT action AS name, COUNT(*) AS count FROM audit_events GROUP BY action`).all();
    for (const { name, count } of actions as Count[]) rows.set(`audit_events: ${name}`, count);
    return { bytes: (number('page_count') - number('freelist_count')) * number('page_size'), rows };
  } finally {
    db.close();
  }
};

/** What grew between two readings, as `12 table`. */
export const grownRows = (before: StoreSize, after: StoreSize): readonly string[] =>
  [...after.rows]
    .map(([name, count]) => ({ name, more: count - (before.rows.get(name) ?? 0) }))
    .filter(({ more }) => more > 0)
    .map(({ name, more }) => `${more} ${name}`);
