import type { Request } from 'express';
import { isExactNumber, quoteInexactNumbers } from '#contracts';
import { DomainError, validationFailed } from '../../common/errors.js';

/** A number that might not survive: one with many digits, or with an exponent. It finds more than these, never fewer. */
const LONG_NUMBER = /[:,[\s]-?\d(?:[\d.]{15}|[\d.]*[eE])/;

const MAX_PATH_LENGTH = 200;

/** The bodies that may have such a number. */
const texts = new WeakMap<object, string>();

const decode = (body: Buffer, encoding: string): string => {
  try {
    return new TextDecoder(encoding).decode(body);
  } catch {
    throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json in UTF-8.');
  }
};

/** Notes a body as it came, before it is read as JSON, when one of its numbers may need another look. */
export const noteNumbers = (request: object, body: Buffer, encoding: string): void => {
  const isUtf8 = encoding === 'utf-8';
  if (isUtf8 && !LONG_NUMBER.test(body.toString('latin1'))) return;
  const text = decode(body, encoding);
  if (isUtf8 || LONG_NUMBER.test(text)) texts.set(request, text);
};

type Reviver = (this: object, key: string, value: unknown, context: { readonly source?: string }) => unknown;
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

/** Takes the place of a number that does not survive. */
const INEXACT = Symbol('inexact');

/** The path of a number that does not survive; null without one. */
const findInexact = (text: string): string | null =>
  // A reviver does not know where its values are: it marks them, and the first mark is then looked for.
  pathOfMark(
    parse(text, (_key, value, { source }) =>
      typeof value === 'number' && source !== undefined && !isExactNumber(source) ? INEXACT : value,
    ),
  );

const pathOfMark = (root: unknown): string | null => {
  if (root === INEXACT) return '';
  if (typeof root !== 'object' || root === null) return null;
  for (const [key, value] of Object.entries(root)) {
    const rest = pathOfMark(value);
    if (rest !== null) return rest === '' ? key : `${key}.${rest}`;
  }
  return null;
};

/**
 * Lets no number of a body that was read change silently, as integers beyond 2^53 do. Users' are refused by name; agents' are
 * carried as text with the same digits, because a number in some detail is no reason to lose a result.
 * @throws VALIDATION_FAILED
 */
export const keepNumbersExact = (request: Request, isUser: boolean): void => {
  const text = texts.get(request);
  if (text === undefined) return;
  texts.delete(request);
  const quoted = quoteInexactNumbers(text);
  if (quoted === text) return;
  if (!isUser) {
    request.body = JSON.parse(quoted) as unknown;
    return;
  }
  const path = (findInexact(text) ?? '').slice(0, MAX_PATH_LENGTH);
  const message = 'must have no more digits than a JSON number keeps; send it as text if the action takes text';
  throw validationFailed([{ path, message }]);
};
