import { inject, Injectable } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { User } from '#contracts';
import { AskAndDo } from '../../shared/acts/ask-and-do';
import { UserDialog } from './edit/user-dialog';
import { ResetPasswordDialog } from './password/reset-password-dialog';
import { SessionsDialog } from './sessions-dialog';
import { refusalKey } from './user-refusals';
import { UsersApi } from './users-api';

const FORM = { width: '480px', maxWidth: '96vw', restoreFocus: true } as const;

/** What an owner does to users, in dialogs or after a confirmation. */
@Injectable({ providedIn: 'root' })
export class UserActs {
  readonly #api = inject(UsersApi);
  readonly #askAndDo = inject(AskAndDo);
  readonly #dialogs = inject(MatDialog);

  create(): void {
    this.#dialogs.open(UserDialog, { ...FORM, data: null });
  }

  edit(user: User): void {
    this.#dialogs.open(UserDialog, { ...FORM, data: user });
  }

  resetPassword(user: User): void {
    this.#dialogs.open(ResetPasswordDialog, { ...FORM, data: user });
  }

  /** Shows where a user is signed in. */
  showSessions(user: User): void {
    this.#dialogs.open(SessionsDialog, { ...FORM, width: '820px', data: user });
  }

  /** Disables an active user, and enables a disabled one. */
  switch(user: User): Promise<void> {
    const [act, status] =
      user.status === 'ACTIVE' ? (['disable', 'DISABLED'] as const) : (['enable', 'ACTIVE'] as const);
    return this.#ask(act, user, () => this.#api.update(user.id, { status }));
  }

  /** Removes the passkeys of a user who has lost them, so that the password suffices. */
  resetPasskeys(user: User): Promise<void> {
    return this.#ask('passkeys', user, () => this.#api.resetPasskeys(user.id));
  }

  #ask(act: 'disable' | 'enable' | 'passkeys', { username }: User, change: () => Promise<unknown>): Promise<void> {
    const texts = { texts: `users.${act}`, text: `users.${act}.text` } as const;
    const asked = { ...texts, params: { name: username }, isDangerous: act !== 'enable', refusalKey };
    return this.#askAndDo.run(asked, change);
  }
}
