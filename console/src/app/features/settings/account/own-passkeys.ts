import { afterNextRender, Component, inject, Injector, input, signal, viewChild } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import type { Passkey } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { Notify } from '../../../core/notify/notify';
import { PasskeysApi } from '../../../core/passkeys/passkeys-api';
import { RelativeTime } from '../../../shared/format/relative-time';
import { RegisterPasskey } from '../../../shared/passkeys/register-passkey';
import { EmptyState } from '../../../shared/states/empty-state';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { PasskeyDialog, type PasskeyAct } from './passkey-dialog';

/** The user's passkeys: add, rename and remove. */
@Component({
  selector: 'ops-own-passkeys',
  templateUrl: './own-passkeys.html',
  styleUrl: '../section.scss',
  imports: [
    EmptyState,
    FailedState,
    MatButton,
    MatIcon,
    MatIconButton,
    RegisterPasskey,
    RelativeTime,
    Skeleton,
    TextPipe,
  ],
})
export class OwnPasskeys {
  readonly username = input('');
  readonly #dialogs = inject(MatDialog);
  readonly #notify = inject(Notify);
  readonly #injector = inject(Injector);
  private readonly form = viewChild(RegisterPasskey);
  private readonly adder = viewChild<MatButton>('adder');
  protected readonly passkeys = inject(PasskeysApi).own();
  protected readonly isAdding = signal(false);

  /** Opens or closes the form and moves the focus. */
  protected show(isAdding: boolean): void {
    this.isAdding.set(isAdding);
    afterNextRender(() => (isAdding ? this.form() : this.adder())?.focus(), { injector: this.#injector });
  }

  protected added(): void {
    this.isAdding.set(false);
    this.#notify.done('settings.passkeys.added');
    this.passkeys.reload();
  }

  protected open(act: PasskeyAct, passkey: Passkey): void {
    const options = { width: '440px', maxWidth: '96vw', restoreFocus: true, data: { act, passkey } };
    this.#dialogs
      .open<PasskeyDialog, unknown, boolean>(PasskeyDialog, options)
      .afterClosed()
      .subscribe((isDone) => {
        if (isDone) this.passkeys.reload();
      });
  }
}
