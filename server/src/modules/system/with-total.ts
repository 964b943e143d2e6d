import type { Counts } from '#contracts';

export const totalOf = <K extends string>(counts: Counts<K>): number =>
  Object.values<number>(counts).reduce((sum, count) => sum + count, 0);

/** The counts, and how many that is in all. */
export const withTotal = <K extends string>(counts: Counts<K>): Counts<K> & { readonly total: number } => ({
  ...counts,
  total: totalOf(counts),
});
