import type { DatabaseKind } from '#contracts';
import type { Tx } from './tx.js';

/** More than this in one statement makes others wait noticeably. */
const MAX_ROWS = 2_000;

interface InstantUpdate {
  readonly table: string;
  /** Moves forward only. */
  readonly column: string;
  /** Further assignments. */
  readonly also: string;
  /** Which rows may be touched; a condition on the table's own columns. */
  readonly where: string;
}

/** A table `(id, at)` made of the statement's one parameter. */
const GIVEN: Readonly<Record<DatabaseKind, string>> = {
  sqlite: '(SELECT key AS id, value AS at FROM json_each(:instants))',
  postgres: '(SELECT key AS id, CAST(value AS bigint) AS at FROM json_each_text(CAST(:instants AS json)))',
};

/** Takes its turn: two that update the same rows in another order would wait for each other. */
const TAKE_TURN: Readonly<Record<DatabaseKind, string | null>> = {
  sqlite: null,
  postgres: `SELECT pg_advisory_xact_lock(hashtext('opstage bulk instants'))`,
};

/** Moves an instant of many rows forward, in one statement. */
export const advanceTimestamps = async (
  tx: Tx,
  kind: DatabaseKind,
  { table, column, also, where }: InstantUpdate,
  instants: Readonly<Record<string, number>>,
): Promise<void> => {
  const turn = TAKE_TURN[kind];
  if (turn) await tx.query(turn, {});
  await tx.execute(
    `UPDATE ${table} SET ${column} = CASE WHEN ${column} > given.at THEN ${column} ELSE given.at END, ${also}
      FROM ${GIVEN[kind]} AS given WHERE ${table}.id = given.id AND ${where}`,
    { instants: JSON.stringify(instants) },
  );
};

/** Cut into parts small enough for one statement each. */
export const inBatches = (instants: ReadonlyMap<string, number>): Record<string, number>[] => {
  const entries = [...instants];
  const batches: Record<string, number>[] = [];
  for (let start = 0; start < entries.length; start += MAX_ROWS) {
    batches.push(Object.fromEntries(entries.slice(start, start + MAX_ROWS)));
  }
  return batches;
};
