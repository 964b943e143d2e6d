import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { RequestOrigin } from './identity.js';

const MAX_USER_AGENT_LENGTH = 300;

/** Address and user agent of a request; the address is the proxy's word only where proxies are trusted. */
export const originOf = (request: Request): RequestOrigin => ({
  ipAddress: request.ip?.replace(/^::ffff:/, '') ?? null,
  userAgent: request.get('user-agent')?.slice(0, MAX_USER_AGENT_LENGTH) ?? null,
});

/** Injects the {@link RequestOrigin}, for handlers that run before anybody is known. */
export const Origin = createParamDecorator((_: unknown, context: ExecutionContext): RequestOrigin =>
  originOf(context.switchToHttp().getRequest<Request>()),
);
