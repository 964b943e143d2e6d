import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { crossSiteRequest } from '../../../common/errors.js';
import { AppConfig } from '../../../config/app-config.js';
import { clientInfoOf } from '../../../http/access.js';
import { SampledAudit } from '../../audit/sampled-audit.js';

export const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
/** Our own page, or none for an address typed by the user. A sibling domain counts as another site. */
const OWN_SITES: readonly string[] = ['same-origin', 'none'];

/**
 * Refuses requests with an effect that a page of another site caused, the sign-in included, which has no session and so no CSRF
 * token. Browsers report where a request comes from (W3C Fetch Metadata, `Origin`), and pages cannot change that. Other programs
 * report nothing, but do not hold a user's cookies that could be misused.
 */
@Injectable()
export class SameOriginCheck {
  constructor(
    private readonly config: AppConfig,
    private readonly sampled: SampledAudit,
  ) {}

  /** Middleware for the users' routes: refuses unsafe methods from other sites before cookies and body are read. */
  readonly middleware = (request: Request, _response: Response, next: NextFunction): void => {
    if (SAFE_METHODS.includes(request.method) || this.#isOwnPage(request)) {
      next();
      return;
    }
    this.#refuse(request).catch(next);
  };

  /**
   * Checks a GET with an effect. Our own pages send no `Origin` with a GET, so any other origin is refused.
   * @throws CROSS_SITE_REQUEST
   */
  async assertOwnPage(request: Request): Promise<void> {
    if (!this.#isOwnPage(request) || !this.#isOwnOrigin(request)) await this.#refuse(request);
  }

  #isOwnPage(request: Request): boolean {
    const site = request.get('sec-fetch-site');
    // Browsers omit this header on insecure connections, and old browsers always do.
    return site === undefined ? this.#isOwnOrigin(request) : OWN_SITES.includes(site);
  }

  #isOwnOrigin(request: Request): boolean {
    const origin = request.get('origin');
    return origin === undefined || this.#ownOrigins(request).includes(origin.toLowerCase());
  }

  #ownOrigins(request: Request): readonly string[] {
    const requested = `${request.protocol}://${request.host}`.toLowerCase();
    const { publicBaseUrl } = this.config;
    return publicBaseUrl === null ? [requested] : [requested, new URL(publicBaseUrl).origin];
  }

  async #refuse(request: Request): Promise<never> {
    const { method } = request;
    const path = request.originalUrl.replace(/\?.*$/s, '').slice(0, 200);
    await this.sampled.record({
      actor: { kind: 'unknown-user', origin: clientInfoOf(request) },
      action: 'access.denied',
      target: { type: 'User', id: null },
      message: `${method} ${path} was refused (cross-site).`,
      metadata: { reason: 'cross-site', method, path },
    });
    throw crossSiteRequest();
  }
}
