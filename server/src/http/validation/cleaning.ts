import type { RejectedService, ValidationIssue } from '#contracts';
import { redactJson, redactText } from '../../common/redaction.js';
import { cleanText, isWithinLength, shorten } from './texts.js';

/** The most warnings that one response lists. */
const MAX_WARNINGS = 50;
const SHOWN_LENGTH = 40;

/** A warning, and the code of the service it is about. */
export interface CleaningWarning extends ValidationIssue {
  readonly serviceCode: string | null;
}

export type PlainObject = Readonly<Record<string, unknown>>;

export const isPlainObject = (value: unknown): value is PlainObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value for a message: redacted, and not too long. */
export const shownValue = (value: unknown): string =>
  shorten(redactText(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')), SHOWN_LENGTH);

/**
 * Makes what an agent sent fit: it keeps what can be kept, and notes by path what was shortened, cleaned, replaced or left out. Texts are
 * redacted before they are shortened, so that no half of a credential stays that nothing recognizes any more.
 */
export class Cleaning {
  readonly #warnings: CleaningWarning[] = [];
  readonly #rejected: RejectedService[] = [];
  /** The service that is being read. */
  serviceCode: string | null = null;

  get warnings(): readonly CleaningWarning[] {
    return this.#warnings;
  }

  /** Services of which nothing could be read. */
  get rejected(): readonly RejectedService[] {
    return this.#rejected;
  }

  /** Adds a warning; beyond fifty they are not told. */
  note(path: string, message: string): void {
    if (this.#warnings.length < MAX_WARNINGS) this.#warnings.push({ path, message, serviceCode: this.serviceCode });
  }

  reject(code: string, message: string): void {
    this.#rejected.push({ code, error: 'VALIDATION_FAILED', message });
  }

  /** A text of at most `max` code points without control characters; undefined for a missing one. */
  text(value: unknown, max: number, path: string): string | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') this.note(path, 'was not a text; its JSON is kept');
    const text = typeof value === 'string' ? value : (JSON.stringify(redactJson(value)) ?? '');
    const clean = cleanText(text);
    if (clean !== text) this.note(path, 'held characters that cannot be shown; they were left out');
    if (isWithinLength(clean, max)) return clean;
    this.note(path, `was longer than ${max} characters; it was shortened`);
    return shorten(redactText(clean), max);
  }

  /** JSON of at most `max` characters; longer JSON becomes the beginning of its text. */
  json(value: unknown, max: number, path: string): unknown {
    const text = JSON.stringify(value ?? null);
    if (text.length <= max) return value;
    this.note(path, `was longer than ${max} characters as JSON; only its beginning is kept`);
    const whole = typeof value === 'string' ? redactText(value) : JSON.stringify(redactJson(value));
    // Quotes and line breaks take two characters in JSON.
    return shorten(whole, Math.floor((max - 10) / 2));
  }

  /** True or false; for anything else `otherwise`, which has to be the careful choice. */
  flag(value: unknown, otherwise: boolean, path: string): boolean | undefined {
    if (value === undefined || value === null || typeof value === 'boolean') return value ?? undefined;
    const word = String(value).trim().toLowerCase();
    const known = ['true', '1', 'yes'].includes(word) ? true : ['false', '0', 'no'].includes(word) ? false : otherwise;
    this.note(path, `${shownValue(value)} is neither true nor false in JSON; it counts as ${known}`);
    return known;
  }

  /** A whole number within the range; undefined for what is no number. */
  integer(
    value: unknown,
    { min, max }: { readonly min: number; readonly max: number },
    path: string,
  ): number | undefined {
    if (value === undefined || value === null) return undefined;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) {
      this.note(path, `${shownValue(value)} is not a number; it was left out`);
      return undefined;
    }
    const kept = Math.min(max, Math.max(min, Math.trunc(number)));
    if (kept !== value) this.note(path, `${shownValue(value)} counts as ${kept}`);
    return kept;
  }

  /** A list of at most `max` items; undefined for what is no list. */
  list(value: unknown, max: number, path: string): readonly unknown[] | undefined {
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value)) {
      this.note(path, 'was not a list; it was left out');
      return undefined;
    }
    if (value.length <= max) return value;
    this.note(path, `had ${value.length} entries; the first ${max} are kept`);
    return value.slice(0, max);
  }
}

/** Makes a request of this class from what was sent, noting what it could not keep. */
export type Cleaner = (plain: PlainObject, cleaning: Cleaning) => object;

const cleaners = new WeakMap<object, Cleaner>();
const notes = new WeakMap<object, Cleaning>();

/**
 * A request of this class that is not valid is made so where that is possible, instead of being refused: what a faulty client reports
 * about itself counts, whatever is wrong with the words. The handler asks {@link cleaningOf} what was changed.
 */
export const CleanedBy =
  (clean: Cleaner): ClassDecorator =>
  (type) => {
    cleaners.set(type, clean);
  };

export const cleanerOf = (type: object): Cleaner | undefined => cleaners.get(type);

/** Remembers what was changed in a request; for the pipe and the reader of bodies. */
export const setCleaning = (request: object, cleaning: Cleaning): void => {
  if (cleaning.warnings.length > 0 || cleaning.rejected.length > 0) notes.set(request, cleaning);
};

/** What was changed in a request so that it could be read; null for one that was valid as sent. */
export const cleaningOf = (request: object): Cleaning | null => notes.get(request) ?? null;

/** The field `warnings` of the answer to a request; without it when there are none. */
export const warningsField = (
  ...sources: (readonly ValidationIssue[] | undefined)[]
): { warnings?: ValidationIssue[] } => {
  const warnings = sources.flatMap((source) => source ?? []).map(({ path, message }) => ({ path, message }));
  return warnings.length > 0 ? { warnings: warnings.slice(0, MAX_WARNINGS) } : {};
};
