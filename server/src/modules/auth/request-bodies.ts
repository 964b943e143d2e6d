import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { MAX_BODY_METADATA, STRICT_BODIES_METADATA, type AccessRule } from '../../common/http/access.js';
import { readJsonBody } from '../../common/http/json-body.js';
import { refuseUndeclaredBody } from '../../common/http/undeclared-body.js';
import { AppConfig } from '../../config/app-config.js';

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
export class RequestBodies {
  readonly #limits: Readonly<Record<AccessRule['kind'], number>>;

  constructor(
    private readonly reflector: Reflector,
    config: AppConfig,
  ) {
    const agent = Math.max(AGENT_BYTES, 2 * config.commandResultMaxBytes);
    this.#limits = { public: PUBLIC_BYTES, user: USER_BYTES, agent };
  }

  /** The most that may be sent with this request. */
  maxBytesOf(context: ExecutionContext, rule: AccessRule): number {
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
    if (bytes > 0 && isStrict === true) refuseUndeclaredBody(context);
    return bytes;
  }
}
