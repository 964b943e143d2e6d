import { inject, Injectable } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { TranslocoService } from '@jsverse/transloco';
import type { User } from '#contracts';
import { toApiError } from '../../core/api/api-error';
import { Refresh } from '../../core/live/refresh';
import { Notify } from '../../core/notify/notify';
import { Confirm } from '../../shared/acts/confirm-dialog';
import { UserDialog } from './edit/user-dialog';
import { ResetPasswordDialog } from './password/reset-password-dialog';
import { SessionsDialog } from './sessions-dialog';
import { refusalKey } from './user-refusals';
import { UsersApi } from './users-api';

const FORM = { width: '480px', maxWidth: '96vw', restoreFocus: true } as const;

/** What an owner does to users: each asks first, does it, and says what came of it. */
@Injectable({ providedIn: 'root' })
export class UserActs {
  readonly #api = inject(UsersApi);
  readonly #confirm = inject(Confirm);
  readonly #dialogs = inject(MatDialog);
  readonly #notify = inject(Notify);
  readonly #refresh = inject(Refresh);
  readonly #transloco = inject(TranslocoService);

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
  async switch(user: User): Promise<void> {
    const act = user.status === 'ACTIVE' ? 'disable' : 'enable';
    await this.#askAndDo(act, user, act === 'disable', () =>
      this.#api.update(user.id, { status: act === 'disable' ? 'DISABLED' : 'ACTIVE' }),
    );
  }

  /** Lets a user who has lost their passkeys in by password alone. */
  resetPasskeys(user: User): Promise<void> {
    return this.#askAndDo('passkeys', user, true, () => this.#api.resetPasskeys(user.id));
  }

  /** The texts are `users.<act>.title`, `text`, `act` and `done`. */
  async #askAndDo(act: string, user: User, isDangerous: boolean, work: () => Promise<unknown>): Promise<void> {
    const text = (part: string): string => this.#transloco.translate(`users.${act}.${part}`, { name: user.username });
    const question = { title: text('title'), text: text('text'), act: text('act'), isDangerous };
    if (!(await this.#confirm.ask(question))) return;
    try {
      await work();
      this.#notify.done(`users.${act}.done`, { name: user.username });
      this.#refresh.now();
    } catch (thrown) {
      const key = refusalKey(toApiError(thrown));
      if (key === null) this.#notify.failed(thrown);
      else this.#notify.done(key);
    }
  }
}
