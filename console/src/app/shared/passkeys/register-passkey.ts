import { Component, inject, input, output, viewChild } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MAX_PASSKEY_NAME_LENGTH, type Passkey } from '#contracts';
import type { TextKey } from '../../core/i18n/text-key';
import { TextPipe } from '../../core/i18n/texts';
import { Authenticator, PasskeyError } from '../../core/passkeys/authenticator';
import { PasskeysApi } from '../../core/passkeys/passkeys-api';
import { FieldError } from '../forms/field-error';
import { FormError } from '../forms/form-error';
import { Submission } from '../forms/submission';

/** The refusals that have a text of the console; others show the server's message. */
const KEYS: Readonly<Record<string, TextKey>> = {
  PASSKEYS_UNAVAILABLE: 'common.passkeys.unsupported',
  PASSKEY_REFUSED: 'common.passkeys.refused',
  PASSKEY_ALREADY_REGISTERED: 'common.passkeys.exists',
};

/**
 * Registers a passkey: asks for its name and the password, then opens the browser's dialog. Alternatives are its
 * content.
 */
@Component({
  selector: 'ops-register-passkey',
  templateUrl: './register-passkey.html',
  styleUrl: './register-passkey.scss',
  imports: [FieldError, FormError, MatButton, MatFormFieldModule, MatInput, ReactiveFormsModule, TextPipe],
})
export class RegisterPasskey {
  /** For password managers. */
  readonly username = input('');
  readonly registered = output<Passkey>();
  readonly #api = inject(PasskeysApi);
  readonly #authenticator = inject(Authenticator);

  // The server refuses this field only for a wrong password; empty ones are not sent.
  protected readonly passwordTexts = { server: 'common.passkeys.wrongPassword' } as const;
  protected readonly form = new FormGroup({
    name: new FormControl('', {
      nonNullable: true,
      validators: [Validators.required, Validators.maxLength(MAX_PASSKEY_NAME_LENGTH)],
    }),
    currentPassword: new FormControl('', { nonNullable: true, validators: [Validators.required] }),
  });
  protected readonly submission = new Submission(this.form, {
    textFor: ({ code }, thrown) =>
      thrown instanceof PasskeyError ? `common.passkeys.${thrown.reason}` : (KEYS[code] ?? null),
  });

  private readonly first = viewChild.required<MatInput>('first');

  /** Focuses the first field. */
  focus(): void {
    this.first().focus();
  }

  protected submit(): Promise<void> {
    return this.submission.run(async () => {
      this.registered.emit(await this.#register());
    });
  }

  async #register(): Promise<Passkey> {
    const { name, currentPassword } = this.form.getRawValue();
    const ceremony = await this.#api.begin({ currentPassword });
    const response = await this.#authenticator.create(ceremony);
    return this.#api.register({ ticket: ceremony.ticket, name, response });
  }
}
