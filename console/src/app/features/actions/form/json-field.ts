import { Component } from '@angular/core';
import { ReactiveFormsModule } from '@angular/forms';
import { MatInput } from '@angular/material/input';
import { FormlyAttributes, type FieldTypeConfig } from '@ngx-formly/core';
import { FieldType } from '@ngx-formly/material/form-field';
import { JsonInput } from '../../../shared/forms/json-input';

/** A part of the payload that is edited as JSON. */
@Component({
  selector: 'ops-json-field',
  template: `<textarea
    matInput
    opsJsonInput
    class="json"
    rows="4"
    spellcheck="false"
    [id]="id"
    [required]="required"
    [formControl]="formControl"
    [formlyAttributes]="field"
    [errorStateMatcher]="errorStateMatcher"
  ></textarea>`,
  styles: `
    .json {
      font-family: var(--ops-mono);
      font-size: 12.5px;
    }
  `,
  imports: [FormlyAttributes, JsonInput, MatInput, ReactiveFormsModule],
})
export class JsonField extends FieldType<FieldTypeConfig> {}
