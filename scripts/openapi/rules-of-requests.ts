import { getMetadataStorage } from 'class-validator';
import ts from 'typescript';
import type { Refine, Schema } from './schema-of-type.ts';

/** What a decorator of class-validator, or one of ours made with it, left on a property. */
interface Rule {
  readonly propertyName: string;
  readonly name?: string;
  readonly constraints?: readonly unknown[];
  readonly each?: boolean;
}

type RequestClass = new () => Readonly<Record<string, unknown>>;

/** Part of class-validator, but not of its types. */
interface Storage {
  readonly validationMetadatas: ReadonlyMap<RequestClass, readonly Rule[]>;
}

const text = { type: 'string' };
const error = {
  type: 'object',
  properties: {
    code: { ...text, description: 'UPPER_SNAKE, at most 80 characters are kept; `ACTION_FAILED` when left out.' },
    message: { ...text, description: 'For people; at most 500 characters are kept.' },
  },
};
const manifest = {
  type: 'object',
  properties: {
    kind: { ...text, enum: ['CapsuleService'] },
    schemaVersion: { ...text, default: '1.0' },
    code: { ...text, description: 'That of the service.' },
    name: text,
    version: text,
    runtime: text,
    agentMode: text,
    capabilities: { type: 'array', items: text },
    labels: { type: 'object', additionalProperties: text },
  },
};

/** By the name of the rule; a rule that is not here has no counterpart in JSON Schema, or the property's type says the same. */
const KEYWORDS: Readonly<Record<string, (constraints: readonly unknown[]) => Schema>> = {
  isInt: () => ({ type: 'integer' }),
  min: ([minimum]) => ({ minimum }),
  max: ([maximum]) => ({ maximum }),
  isLength: ([minLength, maxLength]) => ({ minLength, maxLength }),
  maxLength: ([maxLength]) => ({ maxLength }),
  isNotEmpty: () => ({ minLength: 1 }),
  matches: ([pattern]) => ({ pattern: (pattern as RegExp).source }),
  arrayMaxSize: ([maxItems]) => ({ maxItems }),
  arrayNotEmpty: () => ({ minItems: 1 }),
  isInstant: () => ({ format: 'date-time' }),
  // These read the value themselves; what they accept is wider than the type that the server goes on with.
  isCommandError: () => ({ $ref: undefined, ...error }),
  isManifestOf: () => ({ $ref: undefined, ...manifest }),
};

const withKeywords = (schema: Schema, keywords: Schema): Schema => {
  const isNullable = keywords.type === 'integer' && Array.isArray(schema.type);
  return { ...schema, ...keywords, ...(isNullable && { type: ['integer', 'null'] }) };
};

const withRule = (schema: Schema, { name = '', constraints = [], each = false }: Rule): Schema => {
  const keywords = KEYWORDS[name]?.(constraints);
  if (!keywords) return schema;
  return each ? { ...schema, items: withKeywords(schema.items as Schema, keywords) } : withKeywords(schema, keywords);
};

/**
 * Adds to the schema of a request's property what its decorators demand, and its default. Call it after the classes have been
 * loaded. @throws Error when two request classes have the same name
 */
export const rulesOfRequests = (): Refine => {
  const { validationMetadatas } = getMetadataStorage() as unknown as Storage;
  const classes = new Map<string, { readonly rules: readonly Rule[]; readonly defaults: Schema }>();
  for (const [Class, rules] of validationMetadatas) {
    if (classes.has(Class.name)) throw new Error(`There are two request classes ${Class.name}.`);
    classes.set(Class.name, { rules, defaults: { ...new Class() } });
  }
  return (property, schema) => {
    const declaration = property.valueDeclaration;
    if (!declaration || !ts.isPropertyDeclaration(declaration)) return schema;
    const { rules = [], defaults = {} } = classes.get(declaration.parent.name?.text ?? '') ?? {};
    const value = defaults[property.name];
    return {
      ...rules.filter(({ propertyName }) => propertyName === property.name).reduce(withRule, schema),
      ...(value !== undefined && { default: value }),
    };
  };
};
