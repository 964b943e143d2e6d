import { isSecretName, type Json, type JsonObject } from '#contracts';
import { isJsonObject, scalarText } from '../../../shared/json/json-text';

const MAX_DEPTH = 8;
/** Fields of one form. More than people fill in; a schema whose parts refer to each other can ask for millions. */
const MAX_FIELDS = 300;
/** Choices of one field; more take too long to show. */
const MAX_CHOICES = 1_000;
/** Keywords that choose between shapes, which the form does not support. */
const CHOOSING = ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'dependencies', 'dependentSchemas', 'patternProperties'];
const TEXTS = ['title', 'description'] as const;
/** What a form checks itself. `pattern` is left to the server: the agent's expression could hang the page. */
const LIMITS = {
  string: ['minLength', 'maxLength'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  boolean: [],
  array: ['minItems', 'maxItems'],
  object: [],
} as const;
type DrawnType = keyof typeof LIMITS;

const isDrawn = (type: unknown): type is DrawnType => typeof type === 'string' && Object.hasOwn(LIMITS, type);

/** Formly reads dots, brackets and digits in a key as a path. */
const isSafeKey = (key: string): boolean =>
  /^[^.[\]]+$/.test(key) && !/^\d+$/.test(key) && !['__proto__', 'constructor', 'prototype'].includes(key);

const pick = (schema: JsonObject, keys: readonly string[]): JsonObject =>
  Object.fromEntries(keys.flatMap((key) => (Object.hasOwn(schema, key) ? [[key, schema[key] as Json]] : [])));

const textsOf = (schema: JsonObject): JsonObject =>
  Object.fromEntries(TEXTS.flatMap((key) => (typeof schema[key] === 'string' ? [[key, schema[key]]] : [])));

/** A schema, and what it was referred to by; null for one that stands where it is used. */
interface Resolved {
  readonly schema: JsonObject;
  readonly target: JsonObject | null;
}

/** Follows `#/…`; null when it leads nowhere. */
const resolve = (root: JsonObject, schema: JsonObject): Resolved | null => {
  const ref = schema.$ref;
  if (ref === undefined) return { schema, target: null };
  if (typeof ref !== 'string' || !ref.startsWith('#/')) return null;
  const parts = ref.slice(2).split('/');
  const found = parts
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<Json | undefined>(
      (node, key) => (isJsonObject(node) && Object.hasOwn(node, key) ? node[key] : undefined),
      root,
    );
  if (!isJsonObject(found) || found.$ref !== undefined) return null;
  return { schema: { ...found, ...pick(schema, [...TEXTS, 'default', 'placeholder']) }, target: found };
};

const typeOf = (schema: JsonObject): DrawnType | null => {
  const { type } = schema;
  if (isDrawn(type)) return type;
  if (Array.isArray(type)) {
    const others = (type as readonly Json[]).filter((one) => one !== 'null');
    return others.length === 1 && isDrawn(others[0]) ? others[0] : null;
  }
  return type === undefined && isJsonObject(schema.properties) ? 'object' : null;
};

const isScalar = (value: Json): boolean => ['string', 'number', 'boolean'].includes(typeof value);

const includes = (list: Json | undefined, value: Json): boolean =>
  Array.isArray(list) && (list as readonly Json[]).includes(value);

const canBeNull = ({ type, enum: values, nullable }: JsonObject): boolean =>
  nullable === true || includes(values, null) || (includes(type, 'null') && values === undefined);

/** `enumLabels` by value; it may also be a list beside `enum`. */
const labelsOf = ({ enum: values, enumLabels }: JsonObject): JsonObject => {
  if (isJsonObject(enumLabels)) return enumLabels;
  if (!Array.isArray(enumLabels) || !Array.isArray(values)) return {};
  const texts = enumLabels as readonly Json[];
  return Object.fromEntries(
    (values as readonly Json[]).flatMap((value, i) =>
      typeof texts[i] === 'string' ? [[scalarText(value), texts[i]]] : [],
    ),
  );
};

/** `oneOf: [{const, title}]` means the same as `enum` with `enumLabels`. */
const choicesOf = (schema: JsonObject): { values: readonly Json[]; labels: JsonObject } | null => {
  const labels = labelsOf(schema);
  if (schema.const !== undefined && isScalar(schema.const)) return { values: [schema.const], labels };
  const values = schema.enum;
  if (Array.isArray(values)) {
    const scalars = (values as readonly Json[]).filter((value) => value !== null);
    return scalars.length > 0 && scalars.every(isScalar) ? { values: scalars, labels } : null;
  }
  const options = schema.oneOf ?? schema.anyOf;
  if (!Array.isArray(options) || options.length === 0) return null;
  const named = (options as readonly Json[]).filter(isJsonObject);
  const isEnum =
    named.length === options.length && named.every((one) => one.const !== undefined && isScalar(one.const));
  if (!isEnum) return null;
  return {
    values: named.map((one) => one.const as Json),
    labels: Object.fromEntries(named.map((one) => [scalarText(one.const), one.title ?? scalarText(one.const)])),
  };
};

const asJson = (schema: JsonObject): JsonObject => ({
  ...textsOf(schema),
  ...pick(schema, ['default']),
  'x-json': true,
});

interface Place {
  readonly root: JsonObject;
  readonly depth: number;
  /** The referred schemas that this place is inside of: one in itself has no end. */
  readonly inside: readonly JsonObject[];
  /** How many more fields the form may have; shared by all places. */
  readonly budget: { fields: number };
}

/** Takes the fields out of the budget; false when it has not so many left. */
const spend = ({ budget }: Place, fields: number): boolean => {
  if (fields > budget.fields) return false;
  budget.fields -= fields;
  return true;
};

const objectSchema = (schema: JsonObject, place: Place): JsonObject | null => {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const keys = Object.keys(properties);
  if (keys.length === 0 || !keys.every(isSafeKey) || !spend(place, keys.length)) return null;
  const required = Array.isArray(schema.required) ? (schema.required as readonly Json[]) : [];
  const drawn = keys.map((key) => {
    const part = masked(key, drawable(properties[key], { ...place, depth: place.depth + 1 }));
    return [key, { title: key, ...part, 'x-optional': !required.includes(key) }] as const;
  });
  return { properties: Object.fromEntries(drawn), required: required.filter((key) => keys.includes(scalarText(key))) };
};

/** A text whose name reads as a secret is masked, whatever its schema says. */
const masked = (key: string, part: JsonObject): JsonObject =>
  part.type === 'string' && part.format !== 'date-time' && isSecretName(key) ? { ...part, format: 'password' } : part;

const arraySchema = (schema: JsonObject, place: Place): JsonObject | null => {
  const { items } = schema;
  if (!isJsonObject(items) || schema.prefixItems !== undefined || !spend(place, 1)) return null;
  const drawn = drawable(items, { ...place, depth: place.depth + 1 });
  // A multiple choice is one list; each value once.
  return { items: drawn, ...(drawn.enum !== undefined && { uniqueItems: true }) };
};

const partsOf = (type: DrawnType, schema: JsonObject, place: Place): JsonObject | null => {
  if (type === 'object') return objectSchema(schema, place);
  return type === 'array' ? arraySchema(schema, place) : {};
};

const hintsOf = (schema: JsonObject): JsonObject => ({
  ...textsOf(schema),
  ...pick(schema, ['default', 'readOnly']),
  ...(typeof schema.placeholder === 'string' && { placeholder: schema.placeholder }),
  ...(canBeNull(schema) && { 'x-nullable': true }),
});

/** The part of a schema that a form supports, made of known keywords only; `x-json` where it is edited as JSON. */
const drawable = (raw: Json | undefined, place: Place): JsonObject => {
  if (!isJsonObject(raw)) return { 'x-json': true };
  const resolved = resolve(place.root, raw);
  if (!resolved || place.depth > MAX_DEPTH) return asJson(raw);
  const { schema, target } = resolved;
  if (target && place.inside.includes(target)) return asJson(raw);
  const common = hintsOf(schema);
  const choices = choicesOf(schema);
  if (choices && choices.values.length <= MAX_CHOICES) {
    return { ...common, enum: [...choices.values, ...(canBeNull(schema) ? [null] : [])], enumLabels: choices.labels };
  }
  const type = typeOf(schema);
  if (type === null || schema.enum !== undefined || CHOOSING.some((keyword) => schema[keyword] !== undefined)) {
    return asJson(schema);
  }
  const parts = partsOf(type, schema, target ? { ...place, inside: [...place.inside, target] } : place);
  if (!parts) return asJson(schema);
  const isSecret = schema.format === 'password' || schema.writeOnly === true;
  const format = isSecret ? { format: 'password' } : pick(schema, ['format']);
  return { ...common, type, ...format, ...pick(schema, LIMITS[type]), ...parts };
};

/**
 * An input schema as the form supports it. It is rebuilt from known keywords, so nothing of the agent's reaches the
 * form's configuration; null when it can only be edited as JSON.
 */
export const formSchemaOf = (schema: JsonObject): JsonObject | null => {
  const drawn = drawable(schema, { root: schema, depth: 0, inside: [], budget: { fields: MAX_FIELDS } });
  return drawn.type === 'object' ? drawn : null;
};

/** Whether a schema has a field that holds a secret. */
export const hasSecret = (schema: Json | undefined): boolean => {
  if (!isJsonObject(schema)) return false;
  const nested = isJsonObject(schema.properties) ? Object.values(schema.properties) : [];
  return schema.format === 'password' || [...nested, schema.items].some(hasSecret);
};
