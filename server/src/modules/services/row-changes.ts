import { canonicalJson } from '../../common/crypto/canonical-json.js';

/** Rows an update adds, changes and removes; everything else keeps its row and id. */
export interface RowChanges<R> {
  readonly added: readonly R[];
  readonly changed: readonly R[];
  readonly removed: readonly R[];
}

interface Diff<R, C, I> {
  readonly rows: readonly (R & { readonly id: I })[];
  readonly contents: readonly C[];
  /** What tells one row from another: a config's key, an action's name. */
  readonly keyOf: (content: C | R) => string;
  readonly contentOf: (row: R) => C;
  /** Makes the row of a content: with a new id, or with that of the row it replaces. */
  readonly toRow: (content: C, id: I | null) => R;
}

/** What must change so that `rows` say what `contents` say: rows that already do are left alone and keep their id. */
export const rowChanges = <R, C, I>({ rows, contents, keyOf, contentOf, toRow }: Diff<R, C, I>): RowChanges<R> => {
  const known = new Map(rows.map((row) => [keyOf(row), row]));
  const wanted = new Set(contents.map(keyOf));
  const added = contents.filter((content) => !known.has(keyOf(content)));
  const changed = contents.flatMap((content) => {
    const row = known.get(keyOf(content));
    return row && canonicalJson(contentOf(row)) !== canonicalJson(content) ? [toRow(content, row.id)] : [];
  });
  return {
    added: added.map((content) => toRow(content, null)),
    changed,
    removed: rows.filter((row) => !wanted.has(keyOf(row))),
  };
};

/** Whether there is anything to do. */
export const isEmptyChange = (changes: RowChanges<unknown>): boolean =>
  changes.added.length + changes.changed.length + changes.removed.length === 0;
