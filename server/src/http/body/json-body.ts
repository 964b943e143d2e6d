import type { IncomingMessage } from 'node:http';
import { json, type Request, type RequestHandler, type Response } from 'express';
import { DomainError, validationFailed } from '../../common/errors.js';
import { measured, servedRequest, threadMs } from '../../common/served-request.js';
import { findUnsafeJson, repairUnsafeJson } from '../hostile-input.js';
import { Cleaning, setCleaning } from '../validation/cleaning.js';
import { keepNumbersExact, noteNumbers } from './exact-numbers.js';

/** How much of an oversized body is read and dropped, so that its sender can read the response before the connection ends. */
export const MAX_DROPPED_BYTES = 16_000_000;
export const JSON_TYPES = ['application/json', 'application/*+json'];

/** Whether the request has a body. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Whether the request announces the size of its body. */
export const hasContentLength = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] === undefined && headers['content-encoding'] === undefined;

/** A body that has arrived and is about to be parsed. */
interface Arrived {
  /** Its uncompressed size. */
  readonly bytes: number;
  /** {@link threadMs} */
  readonly at: number;
}

const arrivals = new WeakMap<object, Arrived>();

const recordArrival = (request: object, _response: unknown, body: Buffer, encoding: string): void => {
  arrivals.set(request, { bytes: body.length, at: threadMs() });
  noteNumbers(request, body, encoding);
};

/** Express' body readers by their limit. */
const readers = new Map<number, RequestHandler>();

const readerOf = (limit: number): RequestHandler => {
  const reader = readers.get(limit) ?? json({ limit, type: JSON_TYPES, verify: recordArrival });
  readers.set(limit, reader);
  return reader;
};

/** Parsing is synchronous, from the arrival to the callback. */
const addParsingTime = (request: object): void => {
  const arrived = arrivals.get(request);
  const served = servedRequest();
  if (arrived && served) served.ms += threadMs() - arrived.at;
};

const read = (request: Request, response: Response, maxBytes: number): Promise<void> =>
  new Promise<void>((resolve, reject) => {
    void readerOf(maxBytes)(request, response, (error?: unknown) => {
      addParsingTime(request);
      if (error instanceof Error) reject(error);
      else resolve();
    });
  });

/** Express' reader reads a whole body before it reports that it is too large, so an endless one has to be cut off here. */
const abortOversized = (request: Request, response: Response, maxBytes: number): Promise<never> =>
  new Promise((_, reject) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes + MAX_DROPPED_BYTES) return;
      request.pause();
      // A body that was refused for its type has been answered already.
      if (!response.headersSent) response.setHeader('Connection', 'close');
      reject(new DomainError('PAYLOAD_TOO_LARGE', 'The request body is too large.'));
    });
  });

/** @throws UNSUPPORTED_MEDIA_TYPE */
export const requireJson = (request: Request): void => {
  if (request.is(JSON_TYPES) !== false) return;
  throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json in UTF-8.');
};

/** Refuses hostile JSON, or makes it safe and notes what that changed. @throws VALIDATION_FAILED */
const handleUnsafe = (body: unknown, unsafe: 'refuse' | 'repair'): void => {
  const fault = findUnsafeJson(body);
  if (!fault) return;
  if (unsafe === 'refuse' || typeof body !== 'object' || body === null) throw validationFailed([fault]);
  const cleaning = new Cleaning();
  repairUnsafeJson(body, (path, message) => {
    cleaning.note(path, message);
  });
  setCleaning(body, cleaning);
};

/**
 * Reads a JSON body of up to `maxBytes` into `request.body`, and returns its uncompressed size; 0 for a request without a body.
 * @throws UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, REQUEST_ERROR for malformed JSON, VALIDATION_FAILED for hostile JSON that is not repaired
 */
export const readJsonBody = async (
  request: Request,
  response: Response,
  maxBytes: number,
  unsafe: 'refuse' | 'repair' = 'refuse',
): Promise<number> => {
  if (!hasBody(request)) return 0;
  requireJson(request);
  const announced = hasContentLength(request) ? Number(request.headers['content-length']) : Infinity;
  const reading = read(request, response, maxBytes);
  await (announced <= maxBytes ? reading : Promise.race([reading, abortOversized(request, response, maxBytes)]));
  measured(() => {
    const isUser = unsafe === 'refuse';
    if (!isUser) keepNumbersExact(request, isUser);
    handleUnsafe(request.body, unsafe);
    // Only now: its path is looked for by recursion, and the depth may have been hostile.
    if (isUser) keepNumbersExact(request, isUser);
  });
  return arrivals.get(request)?.bytes ?? 0;
};
