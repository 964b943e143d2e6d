import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { Router } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Notify } from '../../../core/notify/notify';
import { AuthApi } from '../../../core/session/auth-api';
import { Session } from '../../../core/session/session';
import { SessionList } from '../../../shared/sessions/session-list';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { RelativeTime } from '../../../shared/time/relative-time';
import { ChangePassword } from './change-password';

/** Who one is, until when, one's own password, and where one is signed in. */
@Component({
  selector: 'ops-account',
  templateUrl: './account.html',
  styleUrl: '../section.scss',
  imports: [ChangePassword, FailedState, MatButton, MatIcon, RelativeTime, SessionList, Skeleton, TranslocoPipe],
})
export class Account {
  readonly #session = inject(Session);
  readonly #router = inject(Router);
  readonly #notify = inject(Notify);
  protected readonly info = inject(AuthApi).session();

  protected async signOut(): Promise<void> {
    try {
      await this.#session.signOut();
      await this.#router.navigateByUrl('/login');
    } catch (error) {
      this.#notify.failed(error);
    }
  }
}
