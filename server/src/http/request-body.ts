import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import { Reflector } from '@nestjs/core';
import { json, type Request, type RequestHandler, type Response } from 'express';
import { DomainError, validationFailed } from '../common/errors.js';
import { AppConfig } from '../config/app-config.js';
import { type AccessRule, MAX_BODY_METADATA, STRICT_BODIES_METADATA } from './access.js';
import { findUnsafeJson } from './hostile-input.js';
import { MAX_ISSUES } from './validation/validation.pipe.js';

/** For unknown callers, whose largest body is a sign-in. */
const PUBLIC_BYTES = 16_000;
/** For users, whose largest body is an action's payload. */
const USER_BYTES = 1_000_000;
/** For agents, which report many services. A body with a result may be twice as large as the result itself. */
const AGENT_BYTES = 4_000_000;
/** For GET, which takes no body: enough to reject one by its fields. */
const READ_BYTES = 16_000;
/** How much of an oversized body is read and dropped, so that its sender can read the response before the connection ends. */
const MAX_DROPPED_BYTES = 16_000_000;

const JSON_TYPES = ['application/json', 'application/*+json'];

const hasBody = (request: Request): boolean =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;

/** The uncompressed size of each body that was read. */
const sizes = new WeakMap<object, number>();

const recordSize = (request: object, _response: unknown, body: Buffer): void => {
  sizes.set(request, body.length);
};

/** Express' body readers by their limit. */
const readers = new Map<number, RequestHandler>();

const readerOf = (limit: number): RequestHandler => {
  const reader = readers.get(limit) ?? json({ limit, type: JSON_TYPES, verify: recordSize });
  readers.set(limit, reader);
  return reader;
};

/** Whether the request announces the size of its body. */
export const hasContentLength = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] === undefined && headers['content-encoding'] === undefined;

/** Express' reader reads a whole body before it reports that it is too large, so an endless one has to be cut off here. */
const abortOversized = (request: Request, response: Response, maxBytes: number): Promise<never> =>
  new Promise((_, reject) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes + MAX_DROPPED_BYTES) return;
      // The response is on its way already when the body was refused for its type: nobody reads the rest.
      if (response.headersSent) {
        request.destroy();
        return;
      }
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
 * Reads a JSON body of up to `maxBytes` into `request.body`, and returns its uncompressed size; 0 for a request without a body.
 * @throws UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, REQUEST_ERROR for malformed JSON, VALIDATION_FAILED for hostile JSON
 */
const readJsonBody = async (request: Request, response: Response, maxBytes: number): Promise<number> => {
  if (!hasBody(request)) return 0;
  if (request.is(JSON_TYPES) === false) {
    throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json in UTF-8.');
  }
  const announced = hasContentLength(request) ? Number(request.headers['content-length']) : Infinity;
  const reading = read(request, response, maxBytes);
  await (announced <= maxBytes ? reading : Promise.race([reading, abortOversized(request, response, maxBytes)]));
  const fault = findUnsafeJson(request.body);
  if (fault) throw validationFailed([fault]);
  return sizes.get(request) ?? 0;
};

/** Whether the handler declares a `@Body`; its class then decides which fields are allowed. */
const declaresBody = (context: ExecutionContext): boolean => {
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) as
    object | undefined;
  return Object.keys(parameters ?? {}).some((key) => key.startsWith(`${RouteParamtypes.BODY}:`));
};

/**
 * Rejects a body with fields if the handler declares none; ignoring the fields would look like accepting them.
 * @throws VALIDATION_FAILED
 */
const rejectUndeclaredBody = (context: ExecutionContext): void => {
  const body = context.switchToHttp().getRequest<Request>().body as object | null | undefined;
  const fields = Object.keys(body ?? {});
  if (fields.length === 0 || declaresBody(context)) return;
  throw validationFailed(
    fields.slice(0, MAX_ISSUES).map((path) => ({ path, message: `property ${path} should not exist` })),
  );
};

/** Reads request bodies once the caller is known, up to the limit of that caller. */
@Injectable()
export class RequestBodyReader {
  readonly #limits: Readonly<Record<AccessRule['kind'], number>>;

  constructor(
    private readonly reflector: Reflector,
    config: AppConfig,
  ) {
    const agent = Math.max(AGENT_BYTES, 2 * config.commandResultMaxBytes);
    this.#limits = { public: PUBLIC_BYTES, user: USER_BYTES, agent };
  }

  /** Returns the largest body that this request may have. */
  limitFor(context: ExecutionContext, rule: AccessRule): number {
    const { method } = context.switchToHttp().getRequest<Request>();
    const own = this.reflector.get<number | undefined>(MAX_BODY_METADATA, context.getHandler());
    return own ?? (method === 'GET' ? READ_BYTES : this.#limits[rule.kind]);
  }

  /** Returns the size of the body. @throws UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, REQUEST_ERROR, VALIDATION_FAILED */
  async read(context: ExecutionContext, maxBytes: number): Promise<number> {
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    const bytes = await readJsonBody(request, response, maxBytes);
    const isStrict = this.reflector.get<boolean | undefined>(STRICT_BODIES_METADATA, context.getClass());
    if (bytes > 0 && isStrict === true) rejectUndeclaredBody(context);
    return bytes;
  }
}
