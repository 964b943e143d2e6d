import { inject } from '@angular/core';
import { Router, type CanActivateFn } from '@angular/router';
import type { Role } from '#contracts';
import { Session } from './session';

/** Sends who is not signed in to the sign-in page, and back afterwards. */
export const signedInGuard: CanActivateFn = (_route, state) =>
  inject(Session).state() === 'signedOut'
    ? inject(Router).createUrlTree(['/login'], { queryParams: { returnTo: state.url } })
    : true;

/** Sends who may not see a page to the overview. */
export const roleGuard =
  (role: Role): CanActivateFn =>
  () =>
    inject(Session).allows(role) ? true : inject(Router).createUrlTree(['/']);
