import type { Request } from 'express';
import { isLoopback } from '../../common/ip-address.js';

/** The scheme that a browser's page was loaded with, which it names in `Origin`; null for other programs. */
const schemeOfPage = (request: Request): string | null => {
  const origin = request.get('origin');
  return origin !== undefined && URL.canParse(origin) ? new URL(origin).protocol : null;
};

/**
 * Whether a request has crossed the network as plain HTTP, judged by what is seen: the connection, the page that a browser sends
 * it from, and what a proxy says about it. A proxy with TLS that says nothing at all is assumed only where the public URL is
 * https:// and the request is for its host, or comes from this machine.
 */
export const arrivedInPlain = (request: Request, publicUrl: URL | null): boolean => {
  if (request.secure) return false;
  const scheme = schemeOfPage(request);
  if (scheme !== null) return scheme !== 'https:';
  if (request.get('x-forwarded-proto')?.startsWith('https') === true) return false;
  const sender = request.socket.remoteAddress ?? '';
  // A trusted proxy passed it on, which says when it received HTTPS.
  if (request.ip !== sender) return true;
  const isForPublicHost = request.hostname === publicUrl?.hostname;
  return !(publicUrl?.protocol === 'https:' && (isForPublicHost || isLoopback(sender)));
};
