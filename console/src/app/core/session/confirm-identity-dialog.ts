import { Component, inject, signal } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { toApiError } from '../api/api-error';
import type { TextKey } from '../i18n/text-key';
import { TextPipe } from '../i18n/texts';
import { Authenticator, PasskeyError } from '../passkeys/authenticator';
import { AuthApi } from './auth-api';

/** The refusals that have a text of the console; others show the server's message. */
const TEXTS: Readonly<Record<string, TextKey>> = {
  VALIDATION_FAILED: 'common.passkeys.wrongPassword',
  PASSKEYS_UNAVAILABLE: 'common.confirmIdentity.noPasskey',
  PASSKEY_REFUSED: 'common.passkeys.refused',
};

interface Failure {
  /** The key of a text, or null. */
  readonly key: TextKey | null;
  readonly message: string;
}

/** Asks for the password or a passkey of the signed-in user; closes with `true` once the server has accepted it. */
@Component({
  selector: 'ops-confirm-identity-dialog',
  templateUrl: './confirm-identity-dialog.html',
  styles: 'mat-form-field { width: 100%; margin-top: 8px; } .error { color: var(--mat-sys-error); }',
  imports: [MatButton, MatDialogModule, MatFormFieldModule, MatInput, ReactiveFormsModule, TextPipe],
})
export class ConfirmIdentityDialog {
  readonly #api = inject(AuthApi);
  readonly #authenticator = inject(Authenticator);
  readonly #dialog = inject<MatDialogRef<ConfirmIdentityDialog, boolean>>(MatDialogRef);
  protected readonly form = new FormGroup({
    currentPassword: new FormControl('', { nonNullable: true, validators: [Validators.required] }),
  });
  protected readonly failure = signal<Failure | null>(null);
  protected readonly isBusy = signal(false);
  protected readonly hasPasskeys = this.#authenticator.isSupported;

  protected async submit(): Promise<void> {
    this.form.markAllAsTouched();
    if (this.form.invalid) return;
    await this.#try(() => this.#api.confirm(this.form.getRawValue()));
  }

  protected usePasskey(): Promise<void> {
    return this.#try(async () => {
      const ceremony = await this.#api.beginConfirmation();
      const response = await this.#authenticator.get(ceremony);
      await this.#api.confirmWithPasskey({ ticket: ceremony.ticket, response });
    });
  }

  async #try(confirm: () => Promise<unknown>): Promise<void> {
    if (this.isBusy()) return;
    this.isBusy.set(true);
    this.failure.set(null);
    try {
      await confirm();
      this.#dialog.close(true);
    } catch (thrown) {
      this.failure.set(failureOf(thrown));
    } finally {
      this.isBusy.set(false);
    }
  }
}

const failureOf = (thrown: unknown): Failure => {
  if (thrown instanceof PasskeyError) return { key: `common.passkeys.${thrown.reason}`, message: '' };
  const { code, message } = toApiError(thrown);
  return { key: TEXTS[code] ?? null, message };
};
