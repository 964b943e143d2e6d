import { Component, inject, input, viewChild } from '@angular/core';
import {
  FormControl,
  FormGroup,
  FormGroupDirective,
  ReactiveFormsModule,
  Validators,
  type ValidatorFn,
} from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { Notify } from '../../../core/notify/notify';
import { AuthApi } from '../../../core/session/auth-api';
import { FieldError } from '../../../shared/forms/field-error';
import { FormError } from '../../../shared/forms/form-error';
import { Submission } from '../../../shared/forms/submission';

const sameAsNew: ValidatorFn = (control) =>
  control.parent && control.value !== control.parent.get('newPassword')?.value ? { different: true } : null;

/** Changes the user's password, which ends their other sessions. */
@Component({
  selector: 'ops-change-password',
  templateUrl: './change-password.html',
  styleUrl: '../section.scss',
  imports: [FieldError, FormError, MatButton, MatFormFieldModule, MatInput, ReactiveFormsModule, TextPipe],
})
export class ChangePassword {
  /** For password managers. */
  readonly username = input('');
  readonly #api = inject(AuthApi);
  readonly #notify = inject(Notify);
  protected readonly directive = viewChild.required(FormGroupDirective);

  // The server refuses this field only for a wrong password; empty ones are not sent.
  protected readonly currentTexts = { server: 'settings.account.wrongPassword' } as const;
  protected readonly repeatTexts = { different: 'settings.account.different' } as const;
  protected readonly form = new FormGroup({
    currentPassword: new FormControl('', { nonNullable: true, validators: [Validators.required] }),
    newPassword: new FormControl('', {
      nonNullable: true,
      validators: [
        Validators.required,
        Validators.minLength(MIN_PASSWORD_LENGTH),
        Validators.maxLength(MAX_PASSWORD_LENGTH),
      ],
    }),
    repeated: new FormControl('', { nonNullable: true, validators: [Validators.required, sameAsNew] }),
  });
  protected readonly submission = new Submission(this.form);

  protected submit(): Promise<void> {
    this.form.controls.repeated.updateValueAndValidity();
    return this.submission.run(async () => {
      const { currentPassword, newPassword } = this.form.getRawValue();
      await this.#api.changePassword({ currentPassword, newPassword });
      this.directive().resetForm();
      this.#notify.done('settings.account.changed');
    });
  }
}
