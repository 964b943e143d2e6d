import { Component, inject, input, signal } from '@angular/core';
import { ReactiveFormsModule, type FormControl } from '@angular/forms';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';
import { TranslocoPipe } from '@jsverse/transloco';
import { Copier } from '../../../shared/copy/copier';
import { FieldError } from '../../../shared/forms/field-error';
import { generatePassword } from './generate-password';

/** A password for somebody else: to type, or to have generated, see and copy. */
@Component({
  selector: 'ops-new-password',
  templateUrl: './new-password.html',
  styleUrl: './new-password.scss',
  imports: [
    FieldError,
    MatButton,
    MatFormFieldModule,
    MatIcon,
    MatIconButton,
    MatInput,
    ReactiveFormsModule,
    TranslocoPipe,
  ],
})
export class NewPassword {
  readonly control = input.required<FormControl<string>>();
  protected readonly copier = inject(Copier);
  protected readonly isShown = signal(false);

  protected generate(): void {
    this.control().setValue(generatePassword());
    this.isShown.set(true);
  }
}
