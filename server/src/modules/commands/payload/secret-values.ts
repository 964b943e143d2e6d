import { type Json, type JsonObject, REDACTED } from '#contracts';

/** Shorter values are hidden only where they stand alone: `12` is in too many other words and numbers. */
const MIN_ANYWHERE = 4;
/** Digits are part of other numbers more easily. */
const MIN_DIGITS_ANYWHERE = 6;
/** A line of a longer secret, such as a key, that is long enough to be known again by itself. */
const MIN_LINE = 8;
const MAX_VALUES = 500;

const SPECIAL = /[.*+?^${}()|[\]\\/]/g;
const escape = (text: string): string => text.replace(SPECIAL, String.raw`\$&`);

/** A value as it may be written elsewhere: in JSON, in a URL or a form, in HTML, and in base64 and hex. */
const spellingsOf = (value: string): string[] => {
  const json = JSON.stringify(value).slice(1, -1);
  const url = encodeURIComponent(value.toWellFormed());
  const html = value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
  const spellings = [value, json, JSON.stringify(json).slice(1, -1), url, url.replace(/%20/g, '+'), html];
  if (value.length < MIN_DIGITS_ANYWHERE) return spellings;
  const bytes = Buffer.from(value);
  return [
    ...spellings,
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
};

const patternOf = (text: string): string => {
  const isShort = text.length < MIN_ANYWHERE || (/^\d+$/.test(text) && text.length < MIN_DIGITS_ANYWHERE);
  return isShort ? String.raw`(?<![A-Za-z0-9])${escape(text)}(?![A-Za-z0-9])` : escape(text);
};

const leavesOf = (value: Json | undefined): string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value as Readonly<Record<string, Json>>).flatMap(leavesOf);
};

/** What of a text was replaced, when it was one piece: the password of a URL. */
const hiddenPart = (shown: string, text: string): string[] => {
  const parts = shown.split(REDACTED);
  const [before = '', after = ''] = parts;
  if (parts.length !== 2 || before.length + after.length >= text.length) return [];
  return text.startsWith(before) && text.endsWith(after) ? [text.slice(before.length, text.length - after.length)] : [];
};

const hiddenIn = (shown: Json | undefined, clear: Json | undefined): string[] => {
  if (shown === clear) return [];
  if (typeof clear === 'string' && typeof shown === 'string' && shown !== REDACTED) {
    return [clear, ...hiddenPart(shown, clear)];
  }
  if (typeof clear !== 'object' || clear === null || typeof shown !== 'object' || shown === null)
    return leavesOf(clear);
  const [these, those] = [Object.entries(shown), Object.entries(clear)] as [string, Json][][];
  // Keys that were credentials themselves may have become equal.
  if (these?.length !== those?.length) return [...leavesOf(clear), ...Object.keys(clear)];
  return (those ?? []).flatMap(([key, value], i) => {
    const [shownKey, shownValue] = these?.[i] ?? [key, undefined];
    return [...(shownKey === key ? [] : [key]), ...hiddenIn(shownValue, value)];
  });
};

/** One value may be written over several lines, and come back line by line. */
const withLines = (value: string): string[] => {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  return lines.length > 1 ? [value, ...lines.filter((line) => line.length >= MIN_LINE)] : [value];
};

/**
 * The exact values of a command's secrets, to hide them in whatever its agent sends back. A value of four characters and more (six, of
 * digits only) is hidden wherever it occurs, also as JSON, URLs, HTML, base64 and hex write it; a shorter one only as a whole word, and a
 * single character only where it is the whole text.
 */
export class SecretValues {
  static readonly none = new SecretValues([]);
  readonly #whole: ReadonlySet<string>;
  readonly #pattern: RegExp | null;

  constructor(values: readonly string[]) {
    const known = [...new Set(values.filter((value) => value.trim() !== '' && value !== REDACTED))].slice(
      0,
      MAX_VALUES,
    );
    this.#whole = new Set(known);
    const spellings = new Set(
      known
        .filter(({ length }) => length > 1)
        .flatMap(withLines)
        .flatMap(spellingsOf),
    );
    // Longest first, so that no part of a value stays because a shorter one was found within it.
    const sorted = [...spellings].filter((one) => one !== '').sort((a, b) => b.length - a.length);
    this.#pattern = sorted.length > 0 ? new RegExp(sorted.map(patternOf).join('|'), 'gu') : null;
  }

  /** What differs between a payload and what users see of it. */
  static of(shown: JsonObject, clear: JsonObject): SecretValues {
    return new SecretValues(hiddenIn(shown, clear));
  }

  /** Hides every text, for values that are not known any more. */
  static everything(): SecretValues {
    return new EveryText([]);
  }

  /** These, and every text and number within `value`. */
  and(value: Json | undefined): SecretValues {
    const more = leavesOf(value);
    return more.length === 0 ? this : new SecretValues([...this.#whole, ...more]);
  }

  /** Whether there is nothing to hide. */
  get isEmpty(): boolean {
    return this.#whole.size === 0;
  }

  /** The text without the values. */
  hideIn(text: string): string {
    if (this.#whole.has(text)) return REDACTED;
    return this.#pattern ? text.replace(this.#pattern, REDACTED) : text;
  }

  /** A copy of any JSON without the values; keys included. */
  hideInJson<T extends Json>(value: T): T;
  hideInJson(value: Json): Json {
    if (this.isEmpty) return value;
    if (typeof value === 'string') return this.hideIn(value);
    if (typeof value === 'number') return this.isHiddenNumber(value) ? REDACTED : value;
    if (Array.isArray(value)) return value.map((item: Json) => this.hideInJson(item));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value as JsonObject);
    return Object.fromEntries(entries.map(([key, item]) => [this.hideKey(key), this.hideInJson(item)]));
  }

  protected hideKey(key: string): string {
    return this.hideIn(key);
  }

  protected isHiddenNumber(value: number): boolean {
    const text = String(value);
    return text.length >= MIN_ANYWHERE && this.#whole.has(text);
  }
}

class EveryText extends SecretValues {
  override get isEmpty(): boolean {
    return false;
  }

  override and(): SecretValues {
    return this;
  }

  override hideIn(text: string): string {
    return text === '' ? text : REDACTED;
  }

  protected override hideKey(key: string): string {
    return key;
  }

  protected override isHiddenNumber(value: number): boolean {
    return String(value).length >= MIN_ANYWHERE;
  }
}
