import { Component } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { FieldArrayType, FormlyField, FormlyValidationMessage } from '@ngx-formly/core';
import { TextPipe } from '../../../core/i18n/texts';

/** A list whose entries can be added and removed. */
@Component({
  selector: 'ops-array-field',
  template: `
    <fieldset>
      @if (props.label; as label) {
        <legend>{{ label }}</legend>
      }
      @if (props.description; as hint) {
        <p class="ops-muted">{{ hint }}</p>
      }
      @if (showError && formControl.errors) {
        <p class="fault" role="alert"><formly-validation-message [field]="field" /></p>
      }
      @for (item of field.fieldGroup; track item.id) {
        <div class="item">
          <formly-field [field]="item" />
          <button
            mat-icon-button
            type="button"
            [attr.aria-label]="'actions.form.remove' | transloco: { name: item.props?.label }"
            (click)="remove($index)"
          >
            <mat-icon svgIcon="remove" />
          </button>
        </div>
      }
      <button mat-stroked-button type="button" [disabled]="isFull" (click)="add()">
        <mat-icon svgIcon="add" aria-hidden="true" />{{ 'actions.form.add' | transloco }}
      </button>
    </fieldset>
  `,
  styleUrl: './field.scss',
  imports: [FormlyField, FormlyValidationMessage, MatButton, MatIcon, MatIconButton, TextPipe],
})
export class ArrayField extends FieldArrayType {
  protected get isFull(): boolean {
    const limit: unknown = this.props.maxItems;
    return typeof limit === 'number' && (this.field.fieldGroup?.length ?? 0) >= limit;
  }
}
