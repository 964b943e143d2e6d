import { Component, inject } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MAX_PASSKEY_NAME_LENGTH, type Passkey } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { Notify } from '../../../core/notify/notify';
import { PasskeysApi } from '../../../core/passkeys/passkeys-api';
import { FieldError } from '../../../shared/forms/field-error';
import { FormError } from '../../../shared/forms/form-error';
import { Submission } from '../../../shared/forms/submission';

/** `rename` asks for the name, `remove` for the password. */
export type PasskeyAct = 'rename' | 'remove';

interface Data {
  readonly act: PasskeyAct;
  readonly passkey: Passkey;
}

const text = (...validators: (typeof Validators.required)[]): FormControl<string> =>
  new FormControl('', { nonNullable: true, validators: [Validators.required, ...validators] });

/** Renames or removes a passkey; closes with `true` when that is done. */
@Component({
  selector: 'ops-passkey-dialog',
  templateUrl: './passkey-dialog.html',
  styleUrl: '../../../shared/acts/confirm-dialog.scss',
  styles: 'mat-form-field { width: 100%; margin-top: 8px; }',
  imports: [
    FieldError,
    FormError,
    MatButton,
    MatDialogModule,
    MatFormFieldModule,
    MatInput,
    ReactiveFormsModule,
    TextPipe,
  ],
})
export class PasskeyDialog {
  readonly #api = inject(PasskeysApi);
  readonly #dialog = inject<MatDialogRef<PasskeyDialog, boolean>>(MatDialogRef);
  readonly #notify = inject(Notify);
  protected readonly data = inject<Data>(MAT_DIALOG_DATA);
  protected readonly passwordTexts = { server: 'common.passkeys.wrongPassword' } as const;
  protected readonly rename = new FormGroup({ name: text(Validators.maxLength(MAX_PASSKEY_NAME_LENGTH)) });
  protected readonly remove = new FormGroup({ currentPassword: text() });
  protected readonly form: FormGroup = this.data.act === 'rename' ? this.rename : this.remove;
  protected readonly submission = new Submission(this.form, {
    textFor: ({ code }) => (code === 'PASSKEY_REQUIRED' ? 'settings.passkeys.remove.last' : null),
  });

  constructor() {
    this.rename.setValue({ name: this.data.passkey.name });
  }

  protected submit(): Promise<void> {
    const { act, passkey } = this.data;
    return this.submission.run(async () => {
      if (act === 'rename') await this.#api.rename(passkey.id, this.rename.getRawValue());
      else await this.#api.remove(passkey.id, this.remove.getRawValue());
      this.#notify.done(`settings.passkeys.${act}.done`);
      this.#dialog.close(true);
    });
  }
}
