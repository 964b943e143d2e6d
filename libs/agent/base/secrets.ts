import { REDACTED } from '../../contracts/index.js';

/** Shorter values would black out ordinary text, so these are masked only where they stand alone. */
const MIN_LENGTH_ANYWHERE = 4;
/** How `truncate` ends a text. */
const CUT_OFF = '…';
/** Lines of a longer secret, such as a private key, are masked from this length on. */
const MIN_LINE_LENGTH = 8;

/** Exact values that must not leave in a text, in every spelling that programs usually give them. */
export class Secrets {
  // A `#` field, so that inspecting an agent prints none of them.
  readonly #patterns = new Map<string, RegExp | null>();
  #longestFirst: readonly string[] = [];

  get isEmpty(): boolean {
    return this.#patterns.size === 0;
  }

  /** Masks `secret` from now on. */
  add(secret: string): void {
    for (const spelling of spellingsOf(secret))
      if (!this.#patterns.has(spelling)) this.#patterns.set(spelling, patternOf(spelling));
    this.#longestFirst = [...this.#patterns.keys()].sort((one, other) => other.length - one.length);
  }

  /** `text` with every secret replaced by `[REDACTED]`. */
  mask(text: string): string {
    let masked = this.maskCutOff(text);
    for (const secret of this.#longestFirst) {
      if (!masked.includes(secret)) continue;
      masked = masked.replaceAll(this.#patterns.get(secret) ?? secret, () => REDACTED);
    }
    return masked;
  }

  /** A text that was shortened may end in the first half of a secret. */
  private maskCutOff(text: string): string {
    if (!text.endsWith(CUT_OFF)) return text;
    const kept = text.slice(0, -CUT_OFF.length);
    for (const secret of this.#longestFirst)
      for (let length = secret.length - 1; length >= MIN_LENGTH_ANYWHERE; length -= 1)
        if (kept.endsWith(secret.slice(0, length))) return `${kept.slice(0, -length)}${REDACTED}${CUT_OFF}`;
    return text;
  }
}

/** As it is, trimmed (as HTTP sends header values), in JSON and in JSON within JSON, in a URL, and line by line. */
const spellingsOf = (secret: string): readonly string[] => {
  const trimmed = secret.trim();
  const lines = trimmed.split(/[\r\n]+/).map((line) => line.trim());
  const longLines = lines.length > 1 ? lines.filter((line) => line.length >= MIN_LINE_LENGTH) : [];
  const spellings = [secret, trimmed, inJson(trimmed), inJson(inJson(trimmed)), inUrl(trimmed), ...longLines];
  return [...new Set(spellings)].filter((spelling) => spelling.trim() !== '');
};

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

const inUrl = (text: string): string => {
  try {
    return encodeURIComponent(text);
  } catch {
    // Half of a surrogate pair has no form in a URL.
    return text;
  }
};

const patternOf = (secret: string): RegExp | null =>
  secret.length >= MIN_LENGTH_ANYWHERE
    ? null
    : new RegExp(`(?<![\\p{L}\\p{N}])${escape(secret)}(?![\\p{L}\\p{N}])`, 'gu');

const escape = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
