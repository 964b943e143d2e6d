import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { validationFailed } from '../common/errors.js';
import { ReadsHeader } from './access.js';

const HEADER = 'Idempotency-Key';
const VISIBLE_ASCII = /^[!-~]{1,200}$/;

/** The key of a request that may be said again; null without one. @throws VALIDATION_FAILED */
export const readIdempotencyKey = (request: Pick<Request, 'get'>): string | null => {
  const key = request.get(HEADER);
  if (key === undefined) return null;
  if (VISIBLE_ASCII.test(key)) return key;
  throw validationFailed([{ path: HEADER, message: `${HEADER} must be 1 to 200 visible ASCII characters` }]);
};

const describe: ParameterDecorator = (target, name) => {
  const handler = name !== undefined && Object.getOwnPropertyDescriptor(target, name);
  if (!handler) throw new Error('@IdempotencyKey belongs on a parameter of a handler.');
  ReadsHeader({
    name: HEADER,
    schema: { type: 'string', minLength: 1, maxLength: 200 },
    description:
      'Makes it safe to send the request again: for 24 hours the same key and request answer with the same command.',
  })(target, String(name), handler);
};

/** Injects the `Idempotency-Key` of the request, or null, and documents the header. */
export const IdempotencyKey = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | null =>
    readIdempotencyKey(context.switchToHttp().getRequest<Request>()),
  [describe],
);
