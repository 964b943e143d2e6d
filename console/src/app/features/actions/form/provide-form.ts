import { inject, type EnvironmentProviders, type Provider } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { FORMLY_CONFIG, provideFormlyCore, type ConfigOption } from '@ngx-formly/core';
import { withFormlyFormField } from '@ngx-formly/material/form-field';
import { withFormlyFieldInput } from '@ngx-formly/material/input';
import { withFormlyFieldSelect } from '@ngx-formly/material/select';
import { withFormlyFieldTextArea } from '@ngx-formly/material/textarea';
import { ArrayField } from './array-field';
import { BooleanField } from './boolean-field';
import { InstantField } from './instant-field';
import { JsonField } from './json-field';
import { NumberField } from './number-field';
import { ObjectField } from './object-field';

const TYPES: ConfigOption = {
  types: [
    { name: 'string', extends: 'input' },
    { name: 'number', component: NumberField, wrappers: ['form-field'] },
    { name: 'integer', component: NumberField, wrappers: ['form-field'] },
    { name: 'boolean', component: BooleanField },
    { name: 'object', component: ObjectField },
    { name: 'array', component: ArrayField },
    { name: 'json', component: JsonField, wrappers: ['form-field'] },
    { name: 'instant', component: InstantField, wrappers: ['form-field'] },
  ],
};

/** The messages for invalid values, and the property that holds the limit. */
const MESSAGES: Readonly<Record<string, string>> = {
  required: '',
  type: '',
  json: '',
  number: '',
  exact: '',
  instant: '',
  enum: '',
  uniqueItems: '',
  min: 'min',
  max: 'max',
  exclusiveMinimum: 'exclusiveMinimum',
  exclusiveMaximum: 'exclusiveMaximum',
  multipleOf: 'step',
  minLength: 'minLength',
  maxLength: 'maxLength',
  minItems: 'minItems',
  maxItems: 'maxItems',
};

const messages = (): ConfigOption => {
  const transloco = inject(TranslocoService);
  return {
    validationMessages: Object.entries(MESSAGES).map(([name, limit]) => ({
      name,
      message: (error: unknown, { props }) =>
        transloco.selectTranslate<string>(`forms.fault.${name}`, {
          limit: props?.[limit] as unknown,
          reason: typeof error === 'object' && error !== null && 'reason' in error ? error.reason : '',
        }),
    })),
  };
};

/** The forms library with the console's fields. Provided only on routes that need it, because it is large. */
export const provideForm = (): (Provider | EnvironmentProviders)[] => [
  provideFormlyCore([
    ...[withFormlyFormField(), withFormlyFieldInput(), withFormlyFieldTextArea(), withFormlyFieldSelect()],
    TYPES,
  ]),
  { provide: FORMLY_CONFIG, multi: true, useFactory: messages },
];
