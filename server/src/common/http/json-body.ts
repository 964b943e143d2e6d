import { json, type Request, type RequestHandler, type Response } from 'express';
import type { ValidationIssue } from '#contracts';
import { DomainError, validationFailed } from '../errors/domain-error.js';

/** Deeper than any schema or result a person reads; far from what recursive code later on can take. */
export const MAX_JSON_DEPTH = 64;

const MAX_PATH_LENGTH = 200;

const hasBody = (request: Request): boolean =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;

const JSON_TYPES = ['application/json', 'application/*+json'];

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

/** Express' reader for each limit there is. */
const readers = new Map<number, RequestHandler>();

const readerOf = (limit: number): RequestHandler => {
  const reader = readers.get(limit) ?? json({ limit, type: JSON_TYPES });
  readers.set(limit, reader);
  return reader;
};

/**
 * Reads a JSON body of up to `maxBytes` into `request.body`; leaves a request without one alone.
 * @throws UNSUPPORTED_MEDIA_TYPE for other types, PAYLOAD_TOO_LARGE, REQUEST_ERROR for what is malformed, VALIDATION_FAILED
 * for what is hostile
 */
export const readJsonBody = async (request: Request, response: Response, maxBytes: number): Promise<void> => {
  if (!hasBody(request)) return;
  if (request.is(JSON_TYPES) === false) {
    throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json in UTF-8.');
  }
  await new Promise<void>((resolve, reject) => {
    void readerOf(maxBytes)(request, response, (error?: unknown) => {
      if (error instanceof Error) reject(error);
      else resolve();
    });
  });
  const fault = findJsonFault(request.body);
  if (fault) throw validationFailed([fault]);
};
