import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AppConfig } from '../../../config/app-config.js';

/** Whom a passkey is for: the host name it is bound to, and the origin its browser must be at. */
export interface RelyingParty {
  readonly id: string;
  readonly origin: string;
}

const isLocal = (hostname: string): boolean => hostname === 'localhost' || hostname.endsWith('.localhost');

/** Browsers have passkeys in secure contexts only, and for names only, never for addresses. */
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
 * Says whom passkeys are for: the public address of the installation. Where none is configured, the request's own word
 * counts for `localhost` only; a request can claim any other name.
 */
@Injectable()
export class RelyingParties {
  readonly #public: URL | null;

  constructor(config: AppConfig) {
    this.#public = config.publicBaseUrl === null ? null : new URL(config.publicBaseUrl);
  }

  /** Null where passkeys cannot be used. */
  find(request: Request): RelyingParty | null {
    if (this.#public) return toRelyingParty(this.#public);
    const own = urlOf(request);
    return own && isLocal(own.hostname) ? toRelyingParty(own) : null;
  }
}
