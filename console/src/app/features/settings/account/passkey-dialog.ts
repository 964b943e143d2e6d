import { Component, inject } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { TranslocoPipe } from '@jsverse/transloco';
import { MAX_PASSKEY_NAME_LENGTH, type Passkey } from '#contracts';
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

/** Gives a passkey another name, or removes it; answers `true` when it is done. */
@Component({
  selector: 'ops-passkey-dialog',
  template: `
    <h2 mat-dialog-title>{{ 'settings.passkeys.' + data.act + '.title' | transloco: { name: data.passkey.name } }}</h2>
    <form [formGroup]="form" (ngSubmit)="submit()">
      <mat-dialog-content>
        @if (submission.failure(); as failure) {
          <ops-form-error [text]="failure" />
        }
        @if (data.act === 'rename') {
          <mat-form-field appearance="outline" subscriptSizing="dynamic">
            <mat-label>{{ 'common.passkeys.name' | transloco }}</mat-label>
            <input matInput formControlName="name" autocomplete="off" />
            <mat-error><ops-field-error [control]="rename.controls.name" /></mat-error>
          </mat-form-field>
        } @else {
          <p>{{ 'settings.passkeys.remove.text' | transloco }}</p>
          <mat-form-field appearance="outline" subscriptSizing="dynamic">
            <mat-label>{{ 'common.passkeys.password' | transloco }}</mat-label>
            <input matInput type="password" formControlName="currentPassword" autocomplete="current-password" />
            <mat-error
              ><ops-field-error [control]="remove.controls.currentPassword" [texts]="passwordTexts"
            /></mat-error>
          </mat-form-field>
        }
      </mat-dialog-content>
      <mat-dialog-actions align="end">
        <button mat-button type="button" mat-dialog-close>{{ 'common.cancel' | transloco }}</button>
        <button mat-flat-button type="submit" [class.danger]="data.act === 'remove'" [disabled]="submission.isBusy()">
          {{ 'settings.passkeys.' + data.act + '.act' | transloco }}
        </button>
      </mat-dialog-actions>
    </form>
  `,
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
    TranslocoPipe,
  ],
})
export class PasskeyDialog {
  readonly #api = inject(PasskeysApi);
  readonly #dialog = inject<MatDialogRef<PasskeyDialog, boolean>>(MatDialogRef);
  readonly #notify = inject(Notify);
  protected readonly data = inject<Data>(MAT_DIALOG_DATA);
  protected readonly passwordTexts = { server: 'common.passkeys.wrongPassword' };
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
