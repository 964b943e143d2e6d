import { isIP } from 'node:net';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { RequestOrigin } from './identity.js';

const MAX_USER_AGENT_LENGTH = 300;
/** The longest address without a zone, an IPv6 address that ends in an IPv4 one. */
const MAX_ADDRESS_LENGTH = 45;

/** A trusted proxy passes on what it was sent; what is no address is no address to us either. */
const toAddress = (text: string | undefined): string | null => {
  const address = text?.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '') ?? '';
  return address.length <= MAX_ADDRESS_LENGTH && isIP(address) !== 0 ? address : null;
};

/** Address and user agent of a request; the address is the proxy's word only where proxies are trusted. */
export const originOf = (request: Request): RequestOrigin => ({
  ipAddress: toAddress(request.ip),
  userAgent: request.get('user-agent')?.slice(0, MAX_USER_AGENT_LENGTH) ?? null,
});

/** Injects the {@link RequestOrigin}, for handlers that run before anybody is known. */
export const Origin = createParamDecorator((_: unknown, context: ExecutionContext): RequestOrigin =>
  originOf(context.switchToHttp().getRequest<Request>()),
);
