import { inject, Injectable } from '@angular/core';
import { Router } from '@angular/router';
import { Notify } from '../notify/notify';
import { Session } from './session';

/** Signs the user out and opens the sign-in page. */
@Injectable({ providedIn: 'root' })
export class SignOut {
  readonly #session = inject(Session);
  readonly #router = inject(Router);
  readonly #notify = inject(Notify);

  /** Never rejects: when it fails, the user stays signed in and sees why. */
  async run(): Promise<void> {
    try {
      await this.#session.signOut();
      await this.#router.navigateByUrl('/login');
    } catch (error) {
      this.#notify.failed(error);
    }
  }
}
