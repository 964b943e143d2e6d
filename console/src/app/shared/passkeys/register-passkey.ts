import { Component, inject, input, output, viewChild } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { TranslocoPipe } from '@jsverse/transloco';
import { MAX_PASSKEY_NAME_LENGTH, type Passkey } from '#contracts';
import { Authenticator, PasskeyError } from '../../core/passkeys/authenticator';
import { PasskeysApi } from '../../core/passkeys/passkeys-api';
import { FieldError } from '../forms/field-error';
import { FormError } from '../forms/form-error';
import { Submission } from '../forms/submission';

/** What the console says in its own words; of all else the server's are shown. */
const KEYS: Readonly<Record<string, string>> = {
  PASSKEYS_UNAVAILABLE: 'common.passkeys.unsupported',
  PASSKEY_REFUSED: 'common.passkeys.refused',
  PASSKEY_ALREADY_REGISTERED: 'common.passkeys.exists',
};

/**
 * Registers a passkey of one's own: its name, the password once more, and then the browser's own dialog. What else can
 * be done instead is its content.
 */
@Component({
  selector: 'ops-register-passkey',
  templateUrl: './register-passkey.html',
  styleUrl: './register-passkey.scss',
  imports: [FieldError, FormError, MatButton, MatFormFieldModule, MatInput, ReactiveFormsModule, TranslocoPipe],
})
export class RegisterPasskey {
  /** Tells a password manager whose password it is. */
  readonly username = input('');
  readonly registered = output<Passkey>();
  readonly #api = inject(PasskeysApi);
  readonly #authenticator = inject(Authenticator);

  // What the server refuses here is the password being wrong: an empty one does not get there.
  protected readonly passwordTexts = { server: 'common.passkeys.wrongPassword' };
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

  /** Has the next key go to its first field. */
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
