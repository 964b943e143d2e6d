import { Component, inject } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatSelectModule } from '@angular/material/select';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, Role, type User } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { Refresh } from '../../../core/live/refresh';
import { Notify } from '../../../core/notify/notify';
import { FieldError } from '../../../shared/forms/field-error';
import { FormError } from '../../../shared/forms/form-error';
import { Submission } from '../../../shared/forms/submission';
import { NewPassword } from '../password/new-password';
import { refusalKey } from '../user-refusals';
import { UsersApi } from '../users-api';

const USERNAME = /^[A-Za-z0-9._@-]{1,80}$/;
const MAX_NAME_LENGTH = 200;

/** Creates a user, or changes the role and name of the one given. */
@Component({
  selector: 'ops-user-dialog',
  templateUrl: './user-dialog.html',
  styleUrl: './user-dialog.scss',
  imports: [
    FieldError,
    FormError,
    MatButton,
    MatDialogModule,
    MatFormFieldModule,
    MatInput,
    MatSelectModule,
    NewPassword,
    ReactiveFormsModule,
    TextPipe,
  ],
})
export class UserDialog {
  readonly #api = inject(UsersApi);
  readonly #dialog = inject<MatDialogRef<UserDialog>>(MatDialogRef);
  readonly #notify = inject(Notify);
  readonly #refresh = inject(Refresh);
  protected readonly user = inject<User | null>(MAT_DIALOG_DATA);
  protected readonly roles = Object.values(Role);
  protected readonly usernameTexts = { pattern: 'users.badUsername', taken: 'users.alreadyExists' } as const;
  protected readonly form = new FormGroup({
    username: new FormControl(this.user?.username ?? '', {
      nonNullable: true,
      validators: [Validators.required, Validators.pattern(USERNAME)],
    }),
    displayName: new FormControl(this.user?.displayName ?? '', {
      nonNullable: true,
      validators: [Validators.maxLength(MAX_NAME_LENGTH)],
    }),
    role: new FormControl<Role>(this.user?.role ?? 'viewer', { nonNullable: true }),
    password: new FormControl('', {
      nonNullable: true,
      validators: [
        Validators.required,
        Validators.minLength(MIN_PASSWORD_LENGTH),
        Validators.maxLength(MAX_PASSWORD_LENGTH),
      ],
    }),
  });
  protected readonly submission = new Submission(this.form, {
    textFor: refusalKey,
    fields: { USER_ALREADY_EXISTS: ['username', 'taken'] },
  });

  constructor() {
    // These cannot be changed here.
    if (this.user === null) return;
    this.form.controls.username.disable();
    this.form.controls.password.disable();
  }

  protected submit(): Promise<void> {
    return this.submission.run(async () => {
      const { username } = await this.#save();
      this.#notify.done(this.user ? 'users.edit.done' : 'users.create.done', { name: username });
      this.#refresh.now();
      this.#dialog.close();
    });
  }

  #save(): Promise<User> {
    const { username, displayName, role, password } = this.form.getRawValue();
    const name = displayName.trim();
    const isChanged = this.form.controls;
    return this.user
      ? this.#api.update(this.user.id, {
          ...(isChanged.role.dirty && { role }),
          ...(isChanged.displayName.dirty && { displayName: name === '' ? null : name }),
        })
      : this.#api.create({ username, password, role, ...(name !== '' && { displayName: name }) });
  }
}
