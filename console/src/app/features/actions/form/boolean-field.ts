import { Component } from '@angular/core';
import { ReactiveFormsModule } from '@angular/forms';
import { MatCheckbox } from '@angular/material/checkbox';
import { FieldType, FormlyAttributes, FormlyValidationMessage, type FieldTypeConfig } from '@ngx-formly/core';

/** Yes or no. */
@Component({
  selector: 'ops-boolean-field',
  template: `
    <mat-checkbox [id]="id" [formControl]="formControl" [formlyAttributes]="field">{{ props.label }}</mat-checkbox>
    @if (props.description; as hint) {
      <p class="ops-muted">{{ hint }}</p>
    }
    @if (showError) {
      <p class="fault" role="alert"><formly-validation-message [field]="field" /></p>
    }
  `,
  styleUrl: './field.scss',
  imports: [FormlyAttributes, FormlyValidationMessage, MatCheckbox, ReactiveFormsModule],
})
export class BooleanField extends FieldType<FieldTypeConfig> {}
