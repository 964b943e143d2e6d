import { json, type Request, type RequestHandler, type Response } from 'express';
import type { ValidationIssue } from '#contracts';
import { DomainError, validationFailed } from '../errors/domain-error.js';

/** Deeper than any schema or result a person reads; far from what recursive code later on can take. */
export const MAX_JSON_DEPTH = 64;

const MAX_PATH_LENGTH = 200;

/** What is too large is read off for so long, that its sender comes to read the answer; then the connection is ended. */
const MAX_READ_OFF_BYTES = 16_000_000;

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

/** How large the bodies were that have been read, unpacked. */
const sizes = new WeakMap<object, number>();

const noteSize = (request: object, _response: unknown, body: Buffer): void => {
  sizes.set(request, body.length);
};

/** Express' reader for each limit there is. */
const readers = new Map<number, RequestHandler>();

const readerOf = (limit: number): RequestHandler => {
  const reader = readers.get(limit) ?? json({ limit, type: JSON_TYPES, verify: noteSize });
  readers.set(limit, reader);
  return reader;
};

/** Whether it says at the beginning how large it is. */
export const isSizeAnnounced = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] === undefined && headers['content-encoding'] === undefined;

/** Express' reader reads off whatever is sent, and only then says that it is too large: what does not end is ended here. */
const endEndless = (request: Request, response: Response, maxBytes: number): Promise<never> =>
  new Promise((_, reject) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes + MAX_READ_OFF_BYTES) return;
      request.pause();
      response.setHeader('Connection', 'close');
      reject(new DomainError('PAYLOAD_TOO_LARGE', 'The request body is too large.'));
    });
  });

const read = (request: Request, response: Response, maxBytes: number): Promise<void> =>
  new Promise<void>((resolve, reject) => {
    void readerOf(maxBytes)(request, response, (error?: unknown) => {
      if (error instanceof Error) reject(error);
      else resolve();
    });
  });

/**
 * Reads a JSON body of up to `maxBytes` into `request.body`, and returns how large it is unpacked; leaves a request
 * without one alone.
 * @throws UNSUPPORTED_MEDIA_TYPE for other types, PAYLOAD_TOO_LARGE, REQUEST_ERROR for what is malformed, VALIDATION_FAILED
 * for what is hostile
 */
export const readJsonBody = async (request: Request, response: Response, maxBytes: number): Promise<number> => {
  if (!hasBody(request)) return 0;
  if (request.is(JSON_TYPES) === false) {
    throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json in UTF-8.');
  }
  const announced = isSizeAnnounced(request) ? Number(request.headers['content-length']) : Infinity;
  const reading = read(request, response, maxBytes);
  await (announced <= maxBytes ? reading : Promise.race([reading, endEndless(request, response, maxBytes)]));
  const fault = findJsonFault(request.body);
  if (fault) throw validationFailed([fault]);
  return sizes.get(request) ?? 0;
};
