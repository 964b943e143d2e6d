import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { crossSiteRequest } from '../../../common/errors.js';
import { AppConfig } from '../../../config/app-config.js';
import { clientInfoOf } from '../../../http/access.js';
import { SampledAudit } from '../../audit/sampled-audit.js';

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
/** Our own page, or nobody's: an address that was typed in. A sibling domain is as foreign as any other. */
const OWN_SITES: readonly string[] = ['same-origin', 'none'];

/**
 * Refuses whatever would change something and comes from a page that is not ours, the sign-in included: it needs no
 * session, and so has no CSRF token. Browsers say where a request comes from (W3C Fetch Metadata, `Origin`) and let no page
 * say otherwise; a program that is no browser says nothing, and has no cookies of anybody's to misuse.
 */
@Injectable()
export class SameOriginCheck {
  constructor(
    private readonly config: AppConfig,
    private readonly sampled: SampledAudit,
  ) {}

  /** Middleware for the users' routes: refuses before anything of the request is read. */
  readonly middleware = (request: Request, _response: Response, next: NextFunction): void => {
    if (SAFE_METHODS.includes(request.method) || this.#isOurs(request)) {
      next();
      return;
    }
    this.#record(request).then(() => {
      next(crossSiteRequest());
    }, next);
  };

  #isOurs(request: Request): boolean {
    const site = request.get('sec-fetch-site');
    if (site !== undefined) return OWN_SITES.includes(site);
    // Browsers leave the header above out where the connection is not secure, and old ones everywhere.
    const origin = request.get('origin');
    return origin === undefined || this.#ownOrigins(request).includes(origin.toLowerCase());
  }

  #ownOrigins(request: Request): readonly string[] {
    const asked = `${request.protocol}://${request.host}`.toLowerCase();
    const { publicBaseUrl } = this.config;
    return publicBaseUrl === null ? [asked] : [asked, new URL(publicBaseUrl).origin];
  }

  #record(request: Request): Promise<void> {
    const { method } = request;
    const path = request.originalUrl.replace(/\?.*$/s, '').slice(0, 200);
    return this.sampled.record({
      actor: { kind: 'unknown-user', origin: clientInfoOf(request) },
      action: 'access.denied',
      target: { type: 'User', id: null },
      message: `${method} ${path} was refused (cross-site).`,
      metadata: { reason: 'cross-site', method, path },
    });
  }
}
