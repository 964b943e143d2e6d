import { Component } from '@angular/core';
import { ReactiveFormsModule } from '@angular/forms';
import { MatInput } from '@angular/material/input';
import { FormlyAttributes, type FieldTypeConfig } from '@ngx-formly/core';
import { FieldType } from '@ngx-formly/material/form-field';
import { InstantInput } from '../../../shared/forms/instant-input';

/** A date and time, edited in this browser's time zone and sent in UTC. */
@Component({
  selector: 'ops-instant-field',
  template: `<input
    matInput
    opsInstantInput
    type="datetime-local"
    step="1"
    [id]="id"
    [required]="required"
    [formControl]="formControl"
    [formlyAttributes]="field"
    [errorStateMatcher]="errorStateMatcher"
  />`,
  imports: [FormlyAttributes, InstantInput, MatInput, ReactiveFormsModule],
})
export class InstantField extends FieldType<FieldTypeConfig> {}
