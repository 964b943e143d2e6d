/** Marks that change the reading order of a text and of the text around it (Unicode TR9, 2.1 to 2.3). */
const DIRECTION_MARKS = /[\u202A-\u202E\u2066-\u2069]/g;

const visible = (mark: string): string => `⟨U+${mark.charCodeAt(0).toString(16).toUpperCase()}⟩`;

/**
 * The same JSON with those marks spelled out: whoever wrote a text may have it read otherwise than it is, as
 * `gnp.exe` for `exe.png`, and the words around it, which are ours, too. Script that is written from right to left
 * needs none of them.
 */
export const withVisibleMarks = (value: unknown): unknown => {
  if (typeof value === 'string') return value.replace(DIRECTION_MARKS, visible);
  if (Array.isArray(value)) return value.map(withVisibleMarks);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.replace(DIRECTION_MARKS, visible), withVisibleMarks(item)]),
  );
};
