import { isIP } from 'node:net';
import type { Request } from 'express';

/** What a passkey is bound to: a host name, and the origin that its browser must be at. */
export interface RelyingParty {
  readonly id: string;
  readonly origin: string;
}

const isLocal = (hostname: string): boolean => hostname === 'localhost' || hostname.endsWith('.localhost');

/** Browsers offer passkeys in secure contexts only, and for host names, not for addresses. */
const toRelyingParty = (url: URL): RelyingParty | null => {
  const { hostname, origin, protocol } = url;
  const isSecure = protocol === 'https:' || isLocal(hostname);
  return isSecure && isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? { id: hostname, origin } : null;
};

const urlOf = (request: Request): URL | null => {
  const url = `${request.protocol}://${request.host}`;
  return URL.canParse(url) ? new URL(url) : null;
};

/**
 * The relying party of this installation: its public address. If none is configured, the host of the request counts for
 * `localhost` only, because a request can claim any other name. Null where passkeys cannot be used.
 */
export const findRelyingParty = (publicBaseUrl: string | null, request: Request): RelyingParty | null => {
  if (publicBaseUrl !== null) return toRelyingParty(new URL(publicBaseUrl));
  const own = urlOf(request);
  return own && isLocal(own.hostname) ? toRelyingParty(own) : null;
};
