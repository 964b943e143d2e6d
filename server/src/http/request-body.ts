import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import { Reflector } from '@nestjs/core';
import { json, type Request, type RequestHandler, type Response } from 'express';
import { DomainError, validationFailed } from '../common/errors.js';
import { AppConfig } from '../config/app-config.js';
import { type AccessRule, MAX_BODY_METADATA, STRICT_BODIES_METADATA } from './access.js';
import { findUnsafeJson } from './hostile-input.js';
import { MAX_ISSUES } from './validation/validation.pipe.js';

/** What is too large is read off for so long, that its sender comes to read the answer; then the connection is ended. */
const MAX_READ_OFF_BYTES = 16_000_000;

const hasBody = (request: Request): boolean =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;

const JSON_TYPES = ['application/json', 'application/*+json'];

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
export const hasContentLength = ({ headers }: Request): boolean =>
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
  const announced = hasContentLength(request) ? Number(request.headers['content-length']) : Infinity;
  const reading = read(request, response, maxBytes);
  await (announced <= maxBytes ? reading : Promise.race([reading, endEndless(request, response, maxBytes)]));
  const fault = findUnsafeJson(request.body);
  if (fault) throw validationFailed([fault]);
  return sizes.get(request) ?? 0;
};

/** Whether the handler declares a `@Body`, whose class then says which fields there may be. */
const declaresBody = (context: ExecutionContext): boolean => {
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) as
    object | undefined;
  return Object.keys(parameters ?? {}).some((key) => key.startsWith(`${RouteParamtypes.BODY}:`));
};

/**
 * Refuses the fields of a body where a handler takes none: to whoever sends them they would seem to have counted.
 * @throws VALIDATION_FAILED
 */
export const rejectUndeclaredBody = (context: ExecutionContext): void => {
  const body = context.switchToHttp().getRequest<Request>().body as object | null | undefined;
  const fields = Object.keys(body ?? {});
  if (fields.length === 0 || declaresBody(context)) return;
  throw validationFailed(
    fields.slice(0, MAX_ISSUES).map((path) => ({ path, message: `property ${path} should not exist` })),
  );
};

/** Before it is known who asks: a sign-in. */
const PUBLIC_BYTES = 16_000;
/** The largest is an action's payload. */
const USER_BYTES = 1_000_000;
/** A report of many services; a result has room around the largest. */
const AGENT_BYTES = 4_000_000;
/** Where no body is wanted one may still be sent, and is refused by what it says. */
const READ_BYTES = 16_000;

/** Reads the bodies of requests: after it is known who asks, and only as much as they may send. */
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

  /** The most that may be sent with this request. */
  limitFor(context: ExecutionContext, rule: AccessRule): number {
    const { method } = context.switchToHttp().getRequest<Request>();
    const own = this.reflector.get<number | undefined>(MAX_BODY_METADATA, context.getHandler());
    return own ?? (method === 'GET' ? READ_BYTES : this.#limits[rule.kind]);
  }

  /** Returns how much it was. @throws UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, REQUEST_ERROR, VALIDATION_FAILED */
  async read(context: ExecutionContext, maxBytes: number): Promise<number> {
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    const bytes = await readJsonBody(request, response, maxBytes);
    const isStrict = this.reflector.get<boolean | undefined>(STRICT_BODIES_METADATA, context.getClass());
    if (bytes > 0 && isStrict === true) rejectUndeclaredBody(context);
    return bytes;
  }
}
