import {
  type Cleaner,
  type Cleaning,
  isPlainObject,
  type PlainObject,
  shownValue,
} from '../../../http/validation/cleaning.js';
import { parseInstant } from '../../../http/validation/fields.js';

/** Texts are shortened where they are stored, after the command's secrets were hidden in them. */
const ANY_LENGTH = Number.MAX_SAFE_INTEGER / 4;
const MAX_LINES = 200;

const present = (fields: PlainObject): PlainObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));

const percentOf = (value: unknown, cleaning: Cleaning): number | undefined => {
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) {
    cleaning.note('percent', `${shownValue(value)} is not a number; it was left out`);
    return undefined;
  }
  const kept = Math.min(100, Math.max(0, number));
  if (kept !== value) cleaning.note('percent', `${shownValue(value)} counts as ${kept}`);
  return kept;
};

const linesOf = (value: unknown, cleaning: Cleaning): readonly string[] | undefined => {
  if (value === undefined || value === null) return undefined;
  const lines: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (lines !== value) cleaning.note('log', 'was not a list; it is taken as its only entry');
  if (lines.length > MAX_LINES) cleaning.note('log', `had ${lines.length} lines; the newest ${MAX_LINES} are kept`);
  return lines
    .slice(-MAX_LINES)
    .map((line, i) => (typeof line === 'string' ? line : (cleaning.text(line, ANY_LENGTH, `log.${i}`) ?? '')));
};

/** What can be kept of a progress. */
export const cleanProgress: Cleaner = (plain, cleaning) =>
  present({
    percent: percentOf(plain.percent, cleaning),
    message: cleaning.text(plain.message, ANY_LENGTH, 'message'),
    log: linesOf(plain.log, cleaning),
  });

/** Null when nothing says how the command ended. */
const successOf = ({ success, error }: PlainObject, cleaning: Cleaning): boolean | undefined => {
  if (success !== undefined && success !== null) return cleaning.flag(success, false, 'success');
  if (error === undefined || error === null) return undefined;
  cleaning.note('success', 'is missing; a result with an error counts as a failure');
  return false;
};

const dataOf = (value: unknown, cleaning: Cleaning): PlainObject | undefined => {
  if (value === undefined || value === null || isPlainObject(value)) return value ?? undefined;
  cleaning.note('data', 'was not an object; it is kept as its "value"');
  return { value };
};

const errorOf = (value: unknown, cleaning: Cleaning): PlainObject | undefined => {
  if (value === undefined || value === null) return undefined;
  if (!isPlainObject(value)) {
    return present({
      message: cleaning.text(value, ANY_LENGTH, 'error'),
      ...(typeof value === 'string' && noteText(cleaning)),
    });
  }
  return present({
    ...value,
    code: cleaning.text(value.code, ANY_LENGTH, 'error.code'),
    message: cleaning.text(value.message, ANY_LENGTH, 'error.message'),
  });
};

const noteText = (cleaning: Cleaning): PlainObject => {
  cleaning.note('error', 'was a text; it is taken as the message');
  return {};
};

const instantOf = (value: unknown, path: string, cleaning: Cleaning): string | undefined => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && parseInstant(value)) return value;
  const date = new Date(typeof value === 'number' ? value : NaN);
  const isInstant = !Number.isNaN(date.getTime());
  cleaning.note(
    path,
    isInstant ? 'was a number; it is read as milliseconds' : 'is no time in ISO 8601; it was left out',
  );
  return isInstant ? date.toISOString() : undefined;
};

/** What can be kept of a result: it counts, whatever is wrong beside its `success`. */
export const cleanResult: Cleaner = (plain, cleaning) =>
  present({
    success: successOf(plain, cleaning),
    message: cleaning.text(plain.message, ANY_LENGTH, 'message'),
    data: dataOf(plain.data, cleaning),
    error: errorOf(plain.error, cleaning),
    startedAt: instantOf(plain.startedAt, 'startedAt', cleaning),
    finishedAt: instantOf(plain.finishedAt, 'finishedAt', cleaning),
  });
