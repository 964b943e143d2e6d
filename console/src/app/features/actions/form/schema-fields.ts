import { inject, Injectable } from '@angular/core';
import type { FormlyFieldConfig } from '@ngx-formly/core';
import { FormlyJsonschema } from '@ngx-formly/core/json-schema';
import type { Json, JsonObject } from '#contracts';
import { isJsonObject, scalarText } from '../../../shared/json/json-text';

type Expressions = NonNullable<FormlyFieldConfig['expressions']>;

interface Choice {
  readonly value: Json | undefined;
  readonly label: string;
}

const INPUT_TYPES: Readonly<Record<string, string>> = {
  password: 'password',
  date: 'date',
  email: 'email',
  uri: 'url',
  url: 'url',
};

/** The value that means "none": left out where that is allowed, else null; false where a value is needed. */
const noneOf = (schema: JsonObject): undefined | null | false =>
  schema['x-optional'] === true ? undefined : schema['x-nullable'] === true && null;

const choicesOf = (values: readonly Json[], labels: JsonObject, none: undefined | null | false): readonly Choice[] => {
  const choices = values.map((value) => {
    const name = scalarText(value);
    return { value, label: Object.hasOwn(labels, name) ? scalarText(labels[name]) : name };
  });
  return none === false ? choices : [{ value: none, label: '–' }, ...choices];
};

const drawChoices = (field: FormlyFieldConfig, schema: JsonObject): void => {
  const isMultiple = isJsonObject(schema.items);
  const source = isMultiple ? (schema.items as JsonObject) : schema;
  const labels = isJsonObject(source.enumLabels) ? source.enumLabels : {};
  const values = (source.enum as readonly Json[]).filter((value) => value !== null);
  field.type = 'enum';
  field.props = {
    ...field.props,
    multiple: isMultiple,
    options: [...choicesOf(values, labels, isMultiple ? false : noneOf(schema))],
  };
};

const drawText = (field: FormlyFieldConfig, schema: JsonObject): void => {
  const format = typeof schema.format === 'string' ? schema.format : '';
  if (format === 'textarea') {
    field.type = 'textarea';
    field.props = { ...field.props, rows: 5 };
  } else if (format === 'date-time') {
    field.type = 'instant';
  } else if (Object.hasOwn(INPUT_TYPES, format)) {
    const type = INPUT_TYPES[format] ?? 'text';
    const secret = { autocomplete: 'new-password', spellcheck: 'false' };
    field.props = { ...field.props, type, ...(type === 'password' && { attributes: secret }) };
  }
};

/** The forms library would take null for a value of the wrong type. */
const allowNull = (field: FormlyFieldConfig): void => {
  const { type: _, ...validators } = field.validators ?? {};
  field.validators = validators;
};

/** An empty value is left out where that is allowed, and is null where only that is. */
const takeNull = (field: FormlyFieldConfig): void => {
  const isEmpty = (value: unknown): boolean => value === undefined || value === '' || value === null;
  field.parsers = [...(field.parsers ?? []), (value: unknown) => (isEmpty(value) ? null : value)];
  if (field.defaultValue === '' || field.defaultValue === undefined) field.defaultValue = null;
};

/** A value is needed, unless the service itself began with an empty text. */
const needed = (): Expressions => {
  let startsEmpty: boolean | null = null;
  return {
    'props.required': ({ model, key }) => {
      startsEmpty ??= isJsonObject(model) && model[String(key)] === '';
      return !startsEmpty;
    },
  };
};

/** A field of an optional object is required only when the object has another value. */
const neededWithSiblings: Expressions = {
  'props.required': ({ parent }) =>
    Object.values((parent?.model ?? {}) as object).some(
      (value) => value !== undefined && value !== null && value !== '',
    ),
};

const drawObject = (field: FormlyFieldConfig, schema: JsonObject): void => {
  const required = Array.isArray(schema.required) ? (schema.required as readonly Json[]) : [];
  for (const child of field.fieldGroup ?? []) {
    if (!required.includes(String(child.key))) continue;
    const part = isJsonObject(schema.properties) ? schema.properties[String(child.key)] : undefined;
    // The forms library begins with an empty text, which nobody has typed.
    if (child.defaultValue === '') delete child.defaultValue;
    // "Required" in a schema means that the field is there, and null is a value.
    if (isJsonObject(part) && part['x-nullable'] === true && child.type !== 'boolean') {
      child.expressions = {};
      if (schema['x-optional'] !== true) takeNull(child);
      continue;
    }
    // "Required" on a check box would mean that it must be checked.
    if (child.type === 'boolean') {
      child.expressions = {};
      child.defaultValue ??= false;
    } else {
      child.expressions = schema['x-optional'] === true ? neededWithSiblings : needed();
    }
  }
};

const drawArray = (field: FormlyFieldConfig, title: string): void => {
  const { fieldArray } = field;
  if (typeof fieldArray !== 'function') return;
  field.fieldArray = (root) => {
    const item = fieldArray(root);
    const isScalar = item.type !== 'object' && item.type !== 'array' && item.type !== 'boolean';
    item.expressions = {
      ...(isScalar && { 'props.required': () => true }),
      'props.label': ({ key }) => `${title} ${String(Number(key) + 1)}`,
    };
    return item;
  };
};

const draw = (field: FormlyFieldConfig, schema: JsonObject): FormlyFieldConfig => {
  field.props = { ...field.props, appearance: 'outline', subscriptSizing: 'dynamic', floatLabel: 'auto' };
  if (typeof schema.placeholder === 'string') field.props.placeholder = schema.placeholder;
  if (schema['x-nullable'] === true) allowNull(field);
  const items = schema.items;
  if (schema['x-json'] === true) field.type = 'json';
  else if (schema.enum !== undefined || (isJsonObject(items) && items.enum !== undefined)) {
    drawChoices(field, schema);
  } else if (schema.type === 'string') drawText(field, schema);
  else if (schema.type === 'number' || schema.type === 'integer') {
    field.props.step ??= schema.type === 'integer' ? 1 : undefined;
  } else if (schema.type === 'object') drawObject(field, schema);
  else if (schema.type === 'array') drawArray(field, scalarText(schema.title));
  return field;
};

/** Turns a drawable schema into the fields of a form. */
@Injectable({ providedIn: 'root' })
export class SchemaFields {
  readonly #formly = inject(FormlyJsonschema);

  /** The fields; without defaults when the values have been edited before. */
  of(schema: JsonObject, { isEdited }: { readonly isEdited: boolean }): FormlyFieldConfig[] {
    // `drawable` schemas are JSON schemas with three keywords of our own.
    const root = this.#formly.toFieldConfig(schema, {
      map: (field, source) => {
        if (isEdited) delete field.defaultValue;
        return draw(field, source as JsonObject);
      },
    });
    return root.fieldGroup ?? [];
  }
}
