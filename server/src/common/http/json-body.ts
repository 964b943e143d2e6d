import { json, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { validationFailed } from '../errors/domain-error.js';
import { DomainError } from '../errors/domain-error.js';

/** Deeper than any schema or result a person reads; far from what recursive code later on can take. */
export const MAX_JSON_DEPTH = 64;

const hasBody = (request: Request): boolean =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;

const requireJson = (request: Request, _response: Response, next: NextFunction): void => {
  if (hasBody(request) && request.is(['application/json', 'application/*+json']) === false) {
    next(new DomainError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json in UTF-8.'));
    return;
  }
  next();
};

const faultOf = (key: string, value: unknown, depth: number): string | null => {
  if (key === '__proto__') return 'a key must not be __proto__';
  if (key.includes('\0') || (typeof value === 'string' && value.includes('\0'))) return 'text must not contain U+0000';
  if (depth > MAX_JSON_DEPTH) return `must not be nested deeper than ${MAX_JSON_DEPTH} levels`;
  return null;
};

/** The first part of the value that no later code should meet, or null. Walks without recursion: depth is hostile. */
export const findJsonFault = (root: unknown): { readonly path: string; readonly message: string } | null => {
  const open: { value: unknown; path: string; depth: number }[] = [{ value: root, path: '', depth: 0 }];
  for (let node = open.pop(); node; node = open.pop()) {
    if (typeof node.value !== 'object' || node.value === null) continue;
    for (const [key, value] of Object.entries(node.value)) {
      const path = node.path === '' ? key : `${node.path}.${key}`;
      const message = faultOf(key, value, node.depth + 1);
      if (message) return { path: path.slice(0, 200), message };
      if (typeof value === 'object' && value !== null) open.push({ value, path, depth: node.depth + 1 });
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
