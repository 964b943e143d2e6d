import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { crossSiteRequest } from './command.errors.js';

/** Refuses a GET that has an effect when the browser says another site caused it (W3C Fetch Metadata). */
@Injectable()
export class SameSiteGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const site = context.switchToHttp().getRequest<Request>().get('sec-fetch-site');
    if (site === 'cross-site') throw crossSiteRequest();
    return true;
  }
}
