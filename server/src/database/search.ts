import type { DatabaseKind } from '#contracts';

/** A `LIKE` pattern that finds `text` anywhere, with `%` and `_` meaning themselves; use with `ESCAPE '\\'`. */
const containing = (text: string): string => `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;

const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);

/** A case-insensitive search for a part of a text. */
export class Search {
  /** The parameter `:q` of {@link in}. */
  readonly q: string;
  readonly #needsLower: boolean;

  constructor(kind: DatabaseKind, text: string) {
    this.q = containing(text);
    // SQLite's own LIKE knows the cases of ASCII; what else there is, is lowered by a function of ours, which takes longer.
    this.#needsLower = kind === 'postgres' || !isAscii(text);
  }

  /** The condition that one of the columns has the text in it, as SQL with the parameter `:q`. */
  in(...columns: readonly string[]): string {
    const like = (column: string): string => `${this.#needsLower ? `LOWER(${column})` : column} LIKE :q ESCAPE '\\'`;
    return `(${columns.map(like).join(' OR ')})`;
  }
}
