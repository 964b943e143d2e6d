import { Component } from '@angular/core';
import { ReactiveFormsModule } from '@angular/forms';
import { MatInput } from '@angular/material/input';
import { FormlyAttributes, type FieldTypeConfig } from '@ngx-formly/core';
import { FieldType } from '@ngx-formly/material/form-field';
import { NumberInput } from '../../../shared/forms/number-input';

/** A number; one that is not complete is refused, not left out. */
@Component({
  selector: 'ops-number-field',
  template: `<input
    matInput
    opsNumberInput
    type="number"
    [id]="id"
    [required]="required"
    [readonly]="props.readonly ?? false"
    [formControl]="formControl"
    [formlyAttributes]="field"
    [errorStateMatcher]="errorStateMatcher"
  />`,
  imports: [FormlyAttributes, MatInput, NumberInput, ReactiveFormsModule],
})
export class NumberField extends FieldType<FieldTypeConfig> {}
