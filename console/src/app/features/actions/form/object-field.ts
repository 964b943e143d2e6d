import { Component } from '@angular/core';
import { FieldType, FormlyField, FormlyValidationMessage } from '@ngx-formly/core';

/** Fields that belong together. */
@Component({
  selector: 'ops-object-field',
  template: `
    <fieldset [attr.aria-describedby]="props.description ? id + '-hint' : null">
      @if (props.label; as label) {
        <legend>{{ label }}</legend>
      }
      @if (props.description; as hint) {
        <p class="ops-muted" [id]="id + '-hint'">{{ hint }}</p>
      }
      @if (showError && formControl.errors) {
        <p class="fault" role="alert"><formly-validation-message [field]="field" /></p>
      }
      @for (part of field.fieldGroup; track part.id) {
        <formly-field [field]="part" />
      }
    </fieldset>
  `,
  styleUrl: './field.scss',
  imports: [FormlyField, FormlyValidationMessage],
})
export class ObjectField extends FieldType {
  override defaultOptions = { defaultValue: {} };
}
