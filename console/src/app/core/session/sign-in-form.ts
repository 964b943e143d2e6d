import { Component, inject, input, output, signal } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { TranslocoPipe } from '@jsverse/transloco';
import { toApiError, type ApiError } from '../api/api-error';
import { Session } from './session';

/** User name and password: on the sign-in page, and over a page whose session has ended. */
@Component({
  selector: 'ops-sign-in-form',
  templateUrl: './sign-in-form.html',
  styleUrl: './sign-in-form.scss',
  imports: [MatButton, MatFormFieldModule, MatInput, ReactiveFormsModule, TranslocoPipe],
})
export class SignInForm {
  /** The name to begin with. */
  readonly username = input('');
  readonly signedIn = output();
  readonly #session = inject(Session);

  protected readonly form = new FormGroup({
    username: new FormControl('', { nonNullable: true, validators: [Validators.required] }),
    password: new FormControl('', { nonNullable: true, validators: [Validators.required] }),
  });
  protected readonly error = signal<ApiError | null>(null);
  protected readonly isBusy = signal(false);

  ngOnInit(): void {
    this.form.controls.username.setValue(this.username());
  }

  protected async submit(): Promise<void> {
    this.form.markAllAsTouched();
    if (this.form.invalid || this.isBusy()) return;
    this.isBusy.set(true);
    this.error.set(null);
    try {
      await this.#session.signIn(this.form.getRawValue());
      this.signedIn.emit();
    } catch (thrown) {
      this.error.set(toApiError(thrown));
      this.form.controls.password.reset();
    } finally {
      this.isBusy.set(false);
    }
  }
}
