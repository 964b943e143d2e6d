import { Component, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';

/** Why a form was refused as a whole, above its fields. */
@Component({
  selector: 'ops-form-error',
  template: `<mat-icon svgIcon="error" aria-hidden="true" /><span>{{ text() }}</span>`,
  imports: [MatIcon],
  styleUrl: './form-error.scss',
  host: { role: 'alert' },
})
export class FormError {
  readonly text = input.required<string>();
}
