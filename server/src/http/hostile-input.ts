import type { NextFunction, Request, Response } from 'express';
import type { ValidationIssue } from '#contracts';
import { requestError, validationFailed } from '../common/errors.js';

/** Deeper than any schema or result that people read; far from the limits of recursive code. */
export const MAX_JSON_DEPTH = 64;

const MAX_PATH_LENGTH = 200;

/** An object or array and its place; the path is built only when something is wrong. */
interface Branch {
  readonly value: object;
  readonly key: string | number;
  readonly parent: Branch | null;
  readonly depth: number;
}

const pathOf = (branch: Branch, key: string | number): string => {
  const keys = [key];
  for (let at = branch; at.parent; at = at.parent) keys.push(at.key);
  return keys.reverse().join('.').slice(0, MAX_PATH_LENGTH);
};

const hasNul = (text: unknown): boolean => typeof text === 'string' && text.includes('\0');

const faultOf = (key: string | number, value: unknown, depth: number): string | null => {
  if (key === '__proto__') return 'a key must not be __proto__';
  if (hasNul(key) || hasNul(value)) return 'text must not contain U+0000';
  const isTooDeep = depth > MAX_JSON_DEPTH && typeof value === 'object' && value !== null;
  return isTooDeep ? `must not be nested deeper than ${MAX_JSON_DEPTH} levels` : null;
};

/** Returns what is wrong with the first unsafe part of the value, or null. Does not recurse: the depth may be hostile. */
export const findUnsafeJson = (root: unknown): ValidationIssue | null => {
  const open: Branch[] = [];
  const note = (key: string | number, value: unknown, parent: Branch | null): void => {
    if (typeof value === 'object' && value !== null) open.push({ value, key, parent, depth: (parent?.depth ?? 0) + 1 });
  };
  note('', root, null);
  for (let branch = open.pop(); branch; branch = open.pop()) {
    const { value: container, depth } = branch;
    // `Object.entries` would turn millions of items into millions of strings and pairs.
    const keys = Array.isArray(container) ? container.keys() : Object.keys(container);
    for (const key of keys) {
      const value = (container as Record<string | number, unknown>)[key];
      const message = faultOf(key, value, depth + 1);
      if (message !== null) return { path: pathOf(branch, key), message };
      note(key, value, branch);
    }
  }
  return null;
};

const isDecodable = (path: string): boolean => {
  if (!path.includes('%')) return true;
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
};

/**
 * Middleware that rejects malformed escapes in the path (400), even where no route would decode them; U+0000 in the path (400),
 * which PostgreSQL cannot store; and a query with anything that is unsafe in a body too (422).
 */
export const rejectHostileUrl = (request: Request, _response: Response, next: NextFunction): void => {
  if (!isDecodable(request.path)) {
    next(requestError('The address contains a malformed escape.'));
    return;
  }
  if (request.path.includes('%00')) {
    next(requestError('The address must not contain U+0000.'));
    return;
  }
  const fault = findUnsafeJson(request.query);
  next(fault ? validationFailed([fault]) : undefined);
};
