import type { NextFunction, Request, Response } from 'express';
import type { ValidationIssue } from '#contracts';
import { requestError, validationFailed } from '../common/errors.js';

/** Deeper than any schema or result a person reads; far from what recursive code later on can take. */
export const MAX_JSON_DEPTH = 64;

const MAX_PATH_LENGTH = 200;

/** An object or array, and where it stands; its path is put together only when something is wrong with it. */
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

/** The first part of the value that no later code should meet, or null. Walks without recursion: depth is hostile. */
export const findUnsafeJson = (root: unknown): ValidationIssue | null => {
  const open: Branch[] = [];
  const note = (key: string | number, value: unknown, parent: Branch | null): void => {
    if (typeof value === 'object' && value !== null) open.push({ value, key, parent, depth: (parent?.depth ?? 0) + 1 });
  };
  note('', root, null);
  for (let branch = open.pop(); branch; branch = open.pop()) {
    const { value: container, depth } = branch;
    // Millions of items must not become millions of texts and pairs on the way.
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
 * Refuses a path with a malformed escape (400), also where no route would decode it, and in the path (400) and the query
 * (422) what a body must not hold either: PostgreSQL takes no U+0000.
 */
export const rejectHostileUrl = (request: Request, _response: Response, next: NextFunction): void => {
  if (!isDecodable(request.path)) {
    next(requestError('The address holds a malformed escape.'));
    return;
  }
  if (request.path.includes('%00')) {
    next(requestError('The address must not contain U+0000.'));
    return;
  }
  const fault = findUnsafeJson(request.query);
  next(fault ? validationFailed([fault]) : undefined);
};
