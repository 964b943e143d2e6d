import BetterSqlite3 from 'better-sqlite3';

/** What a store holds at one moment. */
export interface StoreSize {
  /** Of the pages in use: what the file has after a checkpoint, less what is free in it. */
  readonly bytes: number;
  /** Rows of each table, and audit events of each action. */
  readonly rows: ReadonlyMap<string, number>;
}

interface Count {
  readonly name: string;
  readonly count: number;
}

/** Looks into a SQLite store beside its server; commits that are still in the write-ahead log count. */
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

/** What became more between two looks, as `12 table`. */
export const grownRows = (before: StoreSize, after: StoreSize): readonly string[] =>
  [...after.rows]
    .map(([name, count]) => ({ name, more: count - (before.rows.get(name) ?? 0) }))
    .filter(({ more }) => more > 0)
    .map(({ name, more }) => `${more} ${name}`);
