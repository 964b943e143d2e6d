import { json, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import type { ValidationIssue } from '#contracts';
import { DomainError, validationFailed } from '../errors/domain-error.js';

/** Deeper than any schema or result a person reads; far from what recursive code later on can take. */
export const MAX_JSON_DEPTH = 64;

const MAX_PATH_LENGTH = 200;

const hasBody = (request: Request): boolean =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;

const requireJson = (request: Request, _response: Response, next: NextFunction): void => {
  if (hasBody(request) && request.is(['application/json', 'application/*+json']) === false) {
    next(new DomainError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json in UTF-8.'));
    return;
  }
  next();
};

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
export const findJsonFault = (root: unknown): ValidationIssue | null => {
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

const refuseFaults = (request: Request, _response: Response, next: NextFunction): void => {
  const fault = findJsonFault(request.body);
  next(fault ? validationFailed([fault]) : undefined);
};

/** Reads JSON bodies of up to `maxBytes`: 415 for other types, 413 for larger, 400 for malformed, 422 for hostile ones. */
export const jsonBody = (maxBytes: number): readonly RequestHandler[] => [
  requireJson,
  json({ limit: maxBytes, type: ['application/json', 'application/*+json'] }),
  refuseFaults,
];
