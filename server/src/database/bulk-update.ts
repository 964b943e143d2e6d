import type { DatabaseKind } from '#contracts';
import type { Tx } from './tx.js';

/** A statement with more rows delays others noticeably. */
const MAX_ROWS = 2_000;

/** The statement's one parameter as a table `(id, at)`. */
const GIVEN: Readonly<Record<DatabaseKind, string>> = {
  sqlite: '(SELECT key AS id, value AS at FROM json_each(:instants))',
  postgres: '(SELECT key AS id, CAST(value AS bigint) AS at FROM json_each_text(CAST(:instants AS json)))',
};

/** Serializes the updates: two that change the same rows in different orders would deadlock. */
const LOCK: Readonly<Record<DatabaseKind, string | null>> = {
  sqlite: null,
  postgres: `SELECT pg_advisory_xact_lock(hashtext('opstage bulk instants'))`,
};

interface InstantUpdate {
  readonly table: string;
  /** Only ever increases, up to `now`. */
  readonly column: string;
  /** Further assignments. */
  readonly also?: string;
  /** Which rows may be changed; a condition on the table's own columns. */
  readonly where: string;
  /** A stored instant after this one is wrong: it is replaced. */
  readonly now: Date;
}

/** Advances a timestamp of many rows in one statement; a later one that is stored stays, unless it is in the future. */
export const advanceTimestamps = async (
  tx: Tx,
  kind: DatabaseKind,
  { table, column, also, where, now }: InstantUpdate,
  instants: Readonly<Record<string, number>>,
): Promise<void> => {
  const lock = LOCK[kind];
  if (lock) await tx.query(lock, {});
  await tx.execute(
    `UPDATE ${table} SET ${column} = CASE WHEN ${column} > given.at AND ${column} <= :now THEN ${column} ELSE given.at END${also === undefined ? '' : `, ${also}`}
      FROM ${GIVEN[kind]} AS given WHERE ${table}.id = given.id AND ${where}`,
    { instants: JSON.stringify(instants), now: now.getTime() },
  );
};

/** The timestamps in parts small enough for one statement each. */
export const inBatches = (instants: ReadonlyMap<string, number>): Record<string, number>[] => {
  const entries = [...instants];
  const batches: Record<string, number>[] = [];
  for (let start = 0; start < entries.length; start += MAX_ROWS) {
    batches.push(Object.fromEntries(entries.slice(start, start + MAX_ROWS)));
  }
  return batches;
};
