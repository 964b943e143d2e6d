import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { validationFailed } from '../../common/errors.js';
import { AppConfig } from '../../config/app-config.js';
import { type AccessRule, STRICT_BODIES_METADATA } from '../access.js';
import { MAX_ISSUES } from '../validation/validation.pipe.js';
import { hasBody, readJsonBody } from './json-body.js';
import { whileArriving } from './slow-body.js';

/** For unknown callers, whose largest body is a sign-in. */
const PUBLIC_BYTES = 16_000;
/** For users, whose largest body is an action's payload. */
const USER_BYTES = 1_000_000;
/** For agents, which report many services. A body with a result may be twice as large as the result itself. */
const AGENT_BYTES = 4_000_000;
/** For GET, which takes no body: enough to reject one by its fields. */
const READ_BYTES = 16_000;

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
    return method === 'GET' ? READ_BYTES : this.#limits[rule.kind];
  }

  /** Returns the size of the body. @throws UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, REQUEST_ERROR, VALIDATION_FAILED */
  async read(context: ExecutionContext, maxBytes: number): Promise<number> {
    const request = context.switchToHttp().getRequest<Request>();
    if (!hasBody(request)) return 0;
    const response = context.switchToHttp().getResponse<Response>();
    const isStrict = this.reflector.get<boolean | undefined>(STRICT_BODIES_METADATA, context.getClass()) === true;
    // What an agent says of itself counts, whatever is wrong with its words.
    const bytes = await whileArriving(
      { request, response },
      readJsonBody(request, response, maxBytes, isStrict ? 'refuse' : 'repair'),
    );
    if (bytes > 0 && isStrict) rejectUndeclaredBody(context);
    return bytes;
  }
}
