import { Component, inject } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, type User } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { Refresh } from '../../../core/live/refresh';
import { Notify } from '../../../core/notify/notify';
import { FormError } from '../../../shared/forms/form-error';
import { Submission } from '../../../shared/forms/submission';
import { UsersApi } from '../users-api';
import { NewPassword } from './new-password';

/** Sets a new password for a user. */
@Component({
  selector: 'ops-reset-password-dialog',
  template: `
    <h2 mat-dialog-title>{{ 'users.reset.title' | transloco: { name: user.username } }}</h2>
    <form [formGroup]="form" (ngSubmit)="submit()">
      <mat-dialog-content>
        @if (submission.failure(); as failure) {
          <ops-form-error [text]="failure" />
        }
        <p>{{ 'users.reset.text' | transloco: { name: user.username } }}</p>
        <ops-new-password [control]="form.controls.newPassword" />
      </mat-dialog-content>
      <mat-dialog-actions align="end">
        <button mat-button type="button" mat-dialog-close>{{ 'common.cancel' | transloco }}</button>
        <button mat-flat-button type="submit" [disabled]="submission.isBusy()">
          {{ 'users.reset.act' | transloco }}
        </button>
      </mat-dialog-actions>
    </form>
  `,
  styleUrl: '../edit/user-dialog.scss',
  imports: [FormError, MatButton, MatDialogModule, NewPassword, ReactiveFormsModule, TextPipe],
})
export class ResetPasswordDialog {
  readonly #api = inject(UsersApi);
  readonly #dialog = inject<MatDialogRef<ResetPasswordDialog>>(MatDialogRef);
  readonly #notify = inject(Notify);
  readonly #refresh = inject(Refresh);
  protected readonly user = inject<User>(MAT_DIALOG_DATA);
  protected readonly form = new FormGroup({
    newPassword: new FormControl('', {
      nonNullable: true,
      validators: [
        Validators.required,
        Validators.minLength(MIN_PASSWORD_LENGTH),
        Validators.maxLength(MAX_PASSWORD_LENGTH),
      ],
    }),
  });
  protected readonly submission = new Submission(this.form);

  protected submit(): Promise<void> {
    return this.submission.run(async () => {
      await this.#api.resetPassword(this.user.id, this.form.getRawValue());
      this.#notify.done('users.reset.done', { name: this.user.username });
      this.#refresh.now();
      this.#dialog.close();
    });
  }
}
