import { Component, inject, input, signal } from '@angular/core';
import { ReactiveFormsModule, type FormControl } from '@angular/forms';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';
import { TextPipe } from '../../../core/i18n/texts';
import { Copier } from '../../../shared/copy/copier';
import { FieldError } from '../../../shared/forms/field-error';
import { generatePassword } from './generate-password';

/** A field for another user's new password, which can be generated, shown and copied. */
@Component({
  selector: 'ops-new-password',
  templateUrl: './new-password.html',
  styleUrl: './new-password.scss',
  imports: [FieldError, MatButton, MatFormFieldModule, MatIcon, MatIconButton, MatInput, ReactiveFormsModule, TextPipe],
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
