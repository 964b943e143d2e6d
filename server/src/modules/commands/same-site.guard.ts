import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { crossSiteRequest, DomainError } from '../../common/errors/domain-error.js';

/**
 * Stands before a GET that has an effect. Refuses it when the browser says another site caused it (W3C Fetch Metadata),
 * and the HEAD that Express would answer with the same handler: it would have the effect and show nothing of it.
 */
@Injectable()
export class SameSiteGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (request.method !== 'GET') throw new DomainError('METHOD_NOT_ALLOWED', 'This address answers GET only.');
    if (request.get('sec-fetch-site') === 'cross-site') throw crossSiteRequest();
    return true;
  }
}
