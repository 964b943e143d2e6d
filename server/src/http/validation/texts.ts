/** Colours and cursor moves of a terminal. */
// eslint-disable-next-line no-control-regex
const TERMINAL = /\u001b\[[0-9;?]*[A-Za-z]/g;
/** All but tab, line feed and carriage return. */
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** Whether a text has at least this many code points, which may take one or two units of UTF-16 each. */
export const hasAtLeast = (text: string, min: number): boolean => text.length >= 2 * min || [...text].length >= min;

/** Whether a text has at most this many code points: what fits into `varchar(max)` of PostgreSQL. */
export const isWithinLength = (text: string, max: number): boolean =>
  text.length <= max || (text.length <= 2 * max && [...text].length <= max);

/** The text cut to `max` code points, the last of them an ellipsis when something is missing. */
export const shorten = (text: string, max: number): string =>
  isWithinLength(text, max) ? text : `${[...text.slice(0, 2 * max)].slice(0, max - 1).join('')}…`;

/** The first `max` code points: no half of a character. */
export const cut = (text: string, max: number): string =>
  isWithinLength(text, max) ? text : [...text.slice(0, 2 * max)].slice(0, max).join('');

/** The text without control characters, terminal sequences and halves of characters. */
export const cleanText = (text: string): string => text.replace(TERMINAL, '').replace(CONTROLS, '').toWellFormed();
