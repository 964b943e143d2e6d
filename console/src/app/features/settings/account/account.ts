import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { TextPipe } from '../../../core/i18n/texts';
import { AuthApi } from '../../../core/session/auth-api';
import { SignOut } from '../../../core/session/sign-out';
import { RelativeTime } from '../../../shared/format/relative-time';
import { SessionList } from '../../../shared/sessions/session-list';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { ChangePassword } from './change-password';
import { OwnPasskeys } from './own-passkeys';

/** The user's account: session, password, passkeys and sessions. */
@Component({
  selector: 'ops-account',
  templateUrl: './account.html',
  styleUrl: '../section.scss',
  imports: [
    ChangePassword,
    FailedState,
    MatButton,
    MatIcon,
    OwnPasskeys,
    RelativeTime,
    SessionList,
    Skeleton,
    TextPipe,
  ],
})
export class Account {
  protected readonly signOut = inject(SignOut);
  protected readonly info = inject(AuthApi).session();
}
