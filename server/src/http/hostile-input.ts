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

/** Makes unsafe JSON safe in place: without U+0000, keys named `__proto__`, and levels that are too deep. Notes each change. */
export const repairUnsafeJson = (root: object, note: (path: string, message: string) => void): void => {
  const open: Branch[] = [{ value: root, key: '', parent: null, depth: 1 }];
  for (let branch = open.pop(); branch; branch = open.pop()) {
    const container = branch.value as Record<string | number, unknown>;
    for (const key of Array.isArray(container) ? [...container.keys()] : Object.keys(container)) {
      const message = faultOf(key, container[key], branch.depth + 1);
      if (message !== null) {
        note(pathOf(branch, key).replaceAll('\0', ''), `${message}; the rest is kept`);
        repair(container, key, branch.depth + 1);
      }
      const value = container[key];
      if (typeof value === 'object' && value !== null)
        open.push({ value, key, parent: branch, depth: branch.depth + 1 });
    }
  }
};

const repair = (container: Record<string | number, unknown>, key: string | number, depth: number): void => {
  const value = container[key];
  if (key === '__proto__') Reflect.deleteProperty(container, key);
  else if (typeof value === 'string') container[key] = value.replaceAll('\0', '');
  else if (depth > MAX_JSON_DEPTH) container[key] = null;
  if (typeof key !== 'string' || !hasNul(key)) return;
  const kept = container[key];
  Reflect.deleteProperty(container, key);
  container[key.replaceAll('\0', '')] ??= kept;
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
