import { truncate } from './line-buffer.js';

const MAX_MESSAGE_LENGTH = 2000;
const MAX_STACK_LENGTH = 16_000;
const MAX_CODE_LENGTH = 80;
const MAX_DEPTH = 4;
const MAX_REASONS = 5;

/**
 * The message of anything that can be thrown, followed by its reasons (`cause`, `errors`) in parentheses. Never throws,
 * never empty, bounded.
 */
export const messageOf = (thrown: unknown): string => truncate(describe(thrown, new Set()), MAX_MESSAGE_LENGTH);

/** The `code` of anything that can be thrown if it is a text, such as `ENOENT`; null without one. Never throws. */
export const codeOf = (thrown: unknown): string | null => {
  const code = isObject(thrown) ? read(thrown, 'code') : null;
  return typeof code === 'string' && code !== '' ? truncate(code, MAX_CODE_LENGTH) : null;
};

/** What caused anything that can be thrown; undefined when it does not say. Never throws. */
export const causeOf = (thrown: unknown): unknown => (isObject(thrown) ? read(thrown, 'cause') : undefined);

/** The stack of an error and of its reasons, for the log; undefined for what has no stack. Never throws, bounded. */
export const stackOf = (thrown: unknown): string | undefined => {
  const stack = stackWithReasons(thrown, new Set());
  return stack === null ? undefined : truncate(stack, MAX_STACK_LENGTH);
};

/** An `Error` with the message and stack of anything that can be thrown, safe to inspect. Never throws. */
export const asError = (thrown: unknown): Error => {
  const error = new Error(messageOf(thrown));
  error.stack = stackOf(thrown) ?? `${error.name}: ${error.message}`;
  return error;
};

/** Whether a value is an error; false for one that cannot be inspected, such as a revoked proxy. */
export const isError = (value: unknown): value is Error => {
  try {
    return value instanceof Error;
  } catch {
    return false;
  }
};

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** A property of any object; undefined when reading it throws. */
const read = (value: object, key: string): unknown => {
  try {
    return Reflect.get(value, key) as unknown;
  } catch {
    return undefined;
  }
};

const describe = (thrown: unknown, seen: Set<object>): string => {
  if (!isObject(thrown)) return textOf(thrown) || 'Nothing was said.';
  if (seen.has(thrown) || seen.size > MAX_DEPTH * MAX_REASONS) return '';
  seen.add(thrown);
  const own = ownMessage(thrown);
  const reasons = reasonsOf(thrown)
    .map((reason) => describe(reason, seen))
    .filter((reason) => reason !== '' && !own.includes(reason));
  if (reasons.length === 0) return own || nameOf(thrown);
  return own === '' ? reasons.join('; ') : `${own} (${reasons.join('; ')})`;
};

const ownMessage = (thrown: object): string => {
  const message = read(thrown, 'message');
  if (message !== undefined) return textOf(message);
  return isError(thrown) ? '' : textOf(thrown);
};

/** The errors of an `AggregateError`, and the cause. */
const reasonsOf = (thrown: object): readonly unknown[] => {
  const errors = read(thrown, 'errors');
  const cause = read(thrown, 'cause');
  return [...firstOf(errors), ...(cause === undefined || cause === null ? [] : [cause])];
};

const firstOf = (list: unknown): readonly unknown[] => {
  try {
    return Array.isArray(list) ? (list.slice(0, MAX_REASONS) as unknown[]) : [];
  } catch {
    return [];
  }
};

const nameOf = (thrown: object): string => {
  const name = read(thrown, 'name');
  return typeof name === 'string' && name !== '' ? name : 'An object without a message';
};

/** `String(value)` for everything, with what an object is or holds in place of `[object Object]`. */
const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'function') return 'a function';
  const text = attempt(() => String(value));
  if (text !== null && text !== '[object Object]') return text;
  return attempt(() => JSON.stringify(value)) ?? 'an object that cannot be shown';
};

/** The text that `write` returns; null when it throws or returns none. */
const attempt = (write: () => string | undefined): string | null => {
  try {
    return write() ?? null;
  } catch {
    return null;
  }
};

const stackWithReasons = (thrown: unknown, seen: Set<object>): string | null => {
  if (!isObject(thrown) || seen.has(thrown) || seen.size > MAX_DEPTH * MAX_REASONS) return null;
  seen.add(thrown);
  const stack = read(thrown, 'stack');
  const reasons = reasonsOf(thrown).map((reason) => stackWithReasons(reason, seen) ?? textOfReason(reason));
  const own = typeof stack === 'string' && stack !== '' ? stack : null;
  if (own === null && reasons.length === 0) return null;
  return [own ?? ownMessage(thrown), ...reasons.map((reason) => `Caused by: ${reason}`)].join('\n');
};

const textOfReason = (reason: unknown): string => (isObject(reason) ? ownMessage(reason) : textOf(reason));
