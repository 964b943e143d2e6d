import { inject } from '@angular/core';
import { Router, type CanActivateFn } from '@angular/router';
import type { Role } from '#contracts';
import { Enrolment } from './enrolment';
import { Session } from './session';

/** Redirects to the sign-in or to the passkey enrolment when either is needed, and back afterwards. */
export const signedInGuard: CanActivateFn = (_route, state) => {
  const sendTo = (page: string) => inject(Router).createUrlTree([page], { queryParams: { returnTo: state.url } });
  if (inject(Session).state() === 'signedOut') return sendTo('/login');
  return inject(Enrolment).isNeeded() ? sendTo('/enrolment') : true;
};

/** Redirects users without the role to the overview. */
export const roleGuard =
  (role: Role): CanActivateFn =>
  () => {
    const session = inject(Session);
    // Nothing is rendered before the server has said who is signed in; keep the address until then.
    if (session.state() === 'unavailable' || session.allows(role)) return true;
    return inject(Router).createUrlTree(['/']);
  };

/** Admits only users who must register a passkey first. */
export const enrolmentGuard: CanActivateFn = () =>
  inject(Enrolment).isNeeded() ? true : inject(Router).createUrlTree(['/']);
