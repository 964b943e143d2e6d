/** More digits than `toExponential` can give. */
const MAX_DIGITS = 101;

interface Digits {
  /** Without leading and trailing zeros. */
  readonly digits: string;
  /** The power of ten of the first digit. */
  readonly exponent: number;
}

const digitsOf = (text: string): Digits => {
  const [mantissa = '', power = '0'] = text.replace(/^[+-]/, '').toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const all = whole + fraction;
  const leading = /^0*/.exec(all)?.[0].length ?? 0;
  return { digits: all.slice(leading).replace(/0+$/, ''), exponent: Number(power) + whole.length - 1 - leading };
};

/**
 * Whether a number as JSON spells it survives in JavaScript, and in every other reader of JSON that has doubles: an integer up to
 * 2^53, or a text whose digits the nearest double has, too. `0.10000000000000001` is how some languages print a double, and survives.
 */
export const isExactNumber = (text: string): boolean => {
  const value = Number(text);
  if (/^-?\d+$/.test(text)) return Number.isSafeInteger(value);
  const { digits, exponent } = digitsOf(text);
  if (digits === '' || value === 0) return digits === '';
  if (!Number.isFinite(value) || digits.length > MAX_DIGITS) return false;
  const found = digitsOf(value.toExponential(digits.length - 1));
  return found.digits === digits && found.exponent === exponent;
};

/** What a text of JSON has outside of numbers, and its numbers. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

const isInexact = (token: string): boolean => !token.startsWith('"') && !isExactNumber(token);

/** The first number in a text of JSON that would not survive; null without one. */
export const findInexactNumber = (json: string): string | null => json.match(TOKENS)?.find(isInexact) ?? null;

/** The same text with each number that would not survive as a string of its digits; the very same when there is none. */
export const quoteInexactNumbers = (json: string): string =>
  json.replace(TOKENS, (token) => (isInexact(token) ? `"${token}"` : token));
