import { inject } from '@angular/core';
import { Router, type CanActivateFn } from '@angular/router';
import type { Role } from '#contracts';
import { Enrolment } from './enrolment';
import { Session } from './session';

/** Sends who is not signed in to the sign-in page, who must first get a passkey to where one does, and back afterwards. */
export const signedInGuard: CanActivateFn = (_route, state) => {
  const sendTo = (page: string) => inject(Router).createUrlTree([page], { queryParams: { returnTo: state.url } });
  if (inject(Session).state() === 'signedOut') return sendTo('/login');
  return inject(Enrolment).isNeeded() ? sendTo('/enrolment') : true;
};

/** Sends who may not see a page to the overview. */
export const roleGuard =
  (role: Role): CanActivateFn =>
  () => {
    const session = inject(Session);
    // Nothing is drawn before the server has said who is signed in; until then the address stays.
    if (session.state() === 'unavailable' || session.allows(role)) return true;
    return inject(Router).createUrlTree(['/']);
  };

/** Lets in only who must get a passkey before anything else. */
export const enrolmentGuard: CanActivateFn = () =>
  inject(Enrolment).isNeeded() ? true : inject(Router).createUrlTree(['/']);
