import type { Json, JsonObject } from '#contracts';
import { isJsonObject } from '../../../common/json.js';
import type { DialectSchema, Draft } from './json-schema.worker.js';

/** A schema that a service declares, read by its dialect. */
export interface DeclaredSchema extends DialectSchema {
  /** The keywords in it that its dialect does not know, though another one does. */
  readonly ignored: readonly string[];
}

/** Keywords that hold a schema, a list of schemas, and schemas by name. */
const SINGLE = [
  ...['additionalProperties', 'additionalItems', 'items', 'contains', 'not', 'if', 'then', 'else', 'propertyNames'],
  // `components.schemas` is where OpenAPI keeps what is referred to.
  ...['unevaluatedItems', 'unevaluatedProperties', 'contentSchema', 'components'],
];
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems', 'items', 'extends'];
const MAPS = ['properties', 'patternProperties', 'definitions', '$defs', 'dependentSchemas', 'dependencies', 'schemas'];

const SINCE_2019 = [
  ...['dependentRequired', 'dependentSchemas', 'unevaluatedProperties', 'unevaluatedItems', 'minContains'],
  ...['maxContains', '$recursiveRef'],
];
const SINCE_2020 = ['prefixItems', '$dynamicRef'];
const NOWHERE = ['disallow', 'extends'];
const IGNORED: Readonly<Record<Draft, readonly string[]>> = {
  'draft-07': [...SINCE_2019, ...SINCE_2020, ...NOWHERE],
  '2019-09': [...SINCE_2020, ...NOWHERE],
  '2020-12': ['additionalItems', '$recursiveRef', ...NOWHERE],
};

/** Where `$schema` names a dialect; 2020-12 is also that of OpenAPI 3.1. */
const NAMED: readonly (readonly [RegExp, Draft])[] = [
  [/2020-12|openapis\.org\/oas\/3\.1/, '2020-12'],
  [/2019-09/, '2019-09'],
  [/draft-0[3467]/, 'draft-07'],
];

const listOf = (value: Json): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : [value]);

/** The keywords of a schema, wherever a schema may stand in it. */
interface Found {
  readonly keywords: Set<string>;
  /** `items` as a list, which 2020-12 spells `prefixItems`. */
  hasItemList: boolean;
}

/** A bound of draft-04: `minimum: 1, exclusiveMinimum: true`. */
const spellBounds = (schema: Record<string, Json>): void => {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (typeof exclusiveMinimum === 'boolean') {
    delete schema.exclusiveMinimum;
    if (exclusiveMinimum && minimum !== undefined) schema.exclusiveMinimum = minimum;
  }
  if (typeof exclusiveMaximum === 'boolean') {
    delete schema.exclusiveMaximum;
    if (exclusiveMaximum && maximum !== undefined) schema.exclusiveMaximum = maximum;
  }
};

/** `nullable` of OpenAPI 3.0, which Ajv takes only beside a type, and not for the values of an `enum`. */
const spellNullable = ({ nullable, ...schema }: Record<string, Json>, isRoot: boolean): JsonObject => {
  if (nullable !== true || isRoot) return schema;
  const { type } = schema;
  if (type === undefined) return { anyOf: [{ type: 'null' }, schema] };
  const values = schema.enum;
  return {
    ...schema,
    type: [...new Set([...listOf(type), 'null'])],
    ...(Array.isArray(values) && !values.includes(null) && { enum: [...(values as readonly Json[]), null] }),
  };
};

/** `required: true` on a property, as in draft-03, belongs into the list of its object. */
const spellRequired = (schema: Record<string, Json>): void => {
  const { properties, required } = schema;
  if (typeof required === 'boolean') delete schema.required;
  const own = Object.entries(isJsonObject(properties) ? properties : {}).flatMap(([key, part]) =>
    isJsonObject(part) && part.required === true ? [key] : [],
  );
  if (own.length > 0) schema.required = [...new Set([...(Array.isArray(required) ? listOf(required) : []), ...own])];
};

/** One schema in the spelling of newer dialects; its parts stay as they are. */
const spell = (raw: JsonObject, isRoot: boolean): JsonObject => {
  const schema: Record<string, Json> = { ...raw };
  spellBounds(schema);
  spellRequired(schema);
  if (schema.type === 'any') delete schema.type;
  if (schema.divisibleBy !== undefined) schema.multipleOf ??= schema.divisibleBy;
  if (typeof schema.id === 'string') {
    schema.$id ??= schema.id;
    delete schema.id;
  }
  return spellNullable(schema, isRoot);
};

const mapValues = (object: JsonObject, change: (value: Json, key: string) => Json): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));

/** Spells a schema and every schema inside; the depth of JSON is limited where it comes in. */
const spellAll = (raw: Json, found: Found, isRoot = false): Json => {
  if (!isJsonObject(raw)) return raw;
  for (const keyword of Object.keys(raw)) found.keywords.add(keyword);
  if (Array.isArray(raw.items)) found.hasItemList = true;
  const part = (value: Json): Json => spellAll(value, found);
  return mapValues(spell(raw, isRoot), (value, keyword) => {
    if (Array.isArray(value))
      return LISTS.includes(keyword) ? (value as readonly Json[]).map(part) : (value as readonly Json[]);
    if (!isJsonObject(value)) return value;
    if (MAPS.includes(keyword)) return mapValues(value, part);
    return SINGLE.includes(keyword) ? part(value) : value;
  });
};

const draftOf = ({ $schema }: JsonObject, { keywords, hasItemList }: Found): Draft => {
  const named = typeof $schema === 'string' && NAMED.find(([pattern]) => pattern.test($schema));
  if (named) return named[1];
  const has = (keyword: string): boolean => keywords.has(keyword);
  if (!hasItemList && [...SINCE_2020, '$dynamicAnchor'].some(has)) return '2020-12';
  return SINCE_2019.some(has) ? '2019-09' : 'draft-07';
};

/**
 * Reads a schema by the dialect that its `$schema` names, else by the one whose keywords it uses: draft-07, 2019-09 or
 * 2020-12. What generators write of draft-03, draft-04 and OpenAPI 3.0 is put into the spelling of these.
 */
export const readDeclared = (declared: JsonObject): DeclaredSchema => {
  const found: Found = { keywords: new Set(), hasItemList: false };
  const { $schema, ...schema } = spellAll(declared, found, true) as JsonObject;
  const draft = draftOf({ $schema: $schema ?? null }, found);
  return { draft, schema, ignored: IGNORED[draft].filter((keyword) => found.keywords.has(keyword)) };
};

/** A payload is always an object: why a schema can match none. Null when it may. */
export const findTypeProblem = ({ type }: JsonObject): string | null =>
  type === undefined || listOf(type).includes('object')
    ? null
    : `its type is ${JSON.stringify(type)}, and a payload is always an object`;
