import type { Json, JsonObject } from '#contracts';
import { isJsonObject, unescapePointer } from '../../../common/json.js';

export { isJsonObject };

/** Stands for a schema that cannot be followed: its value might be a secret. */
const UNKNOWN: JsonObject = { writeOnly: true };

/** More schemas than an honest one has, times more fields than an honest payload has; a hostile one is not followed any further. */
const MAX_STEPS = 20_000;

const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef'] as const;
const APPLICATORS = ['allOf', 'anyOf', 'oneOf', 'if', 'then', 'else'] as const;
const BY_PROPERTY = ['dependentSchemas', 'dependencies'] as const;

interface Document {
  readonly root: JsonObject;
  steps: number;
}

const decode = (fragment: string): string | null => {
  try {
    return decodeURIComponent(fragment);
  } catch {
    // A malformed escape points nowhere.
    return null;
  }
};

const step = (value: Json | undefined, key: string): Json | undefined =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as { readonly [key: string]: Json })[key]
    : undefined;

/** The value a URI fragment such as `#/definitions/key` points to (RFC 6901, 6); undefined when it points nowhere. */
export const resolveFragment = (root: Json, reference: string): Json | undefined => {
  const pointer = reference.startsWith('#') ? decode(reference.slice(1)) : null;
  if (pointer === '') return root;
  if (!pointer?.startsWith('/')) return undefined;
  return pointer.split('/').slice(1).map(unescapePointer).reduce<Json | undefined>(step, root);
};

const valuesOf = (value: Json | undefined): readonly Json[] => (isJsonObject(value) ? Object.values(value) : []);
const keysOf = (value: Json | undefined): readonly string[] => (isJsonObject(value) ? Object.keys(value) : []);
const listOf = (value: Json | undefined): readonly Json[] => [value ?? []].flat();

const propertyOf = ({ properties }: JsonObject, key: string): Json | undefined =>
  isJsonObject(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined;

const tupleOf = ({ prefixItems, items }: JsonObject): readonly Json[] => {
  const tuple = prefixItems ?? items;
  return Array.isArray(tuple) ? (tuple as readonly Json[]) : [];
};

/** The schemas that apply to one value of a payload, in any alternative; when in doubt, a schema applies. */
export class ApplicableSchemas {
  /** By property or position; unnamed ones share an entry, so that a long list costs no more than a short one. */
  readonly #children = new Map<string, ApplicableSchemas>();
  /** The items of a long list share one. */
  readonly #answers = new Map<(schema: JsonObject) => boolean, boolean>();
  #names: ReadonlySet<string> | null = null;
  #tupleLength: number | null = null;

  private constructor(
    private readonly document: Document,
    private readonly schemas: readonly JsonObject[],
  ) {}

  /** The schemas of the whole payload. */
  static of(root: JsonObject): ApplicableSchemas {
    const document = { root, steps: 0 };
    return new ApplicableSchemas(document, expand(document, [root]));
  }

  /** Whether the predicate holds for one of the schemas. */
  some(predicate: (schema: JsonObject) => boolean): boolean {
    const known = this.#answers.get(predicate);
    if (known !== undefined) return known;
    const answer = this.schemas.some(predicate);
    this.#answers.set(predicate, answer);
    return answer;
  }

  /** The schemas of a property of the value. */
  ofProperty(key: string): ApplicableSchemas {
    this.#names ??= new Set(this.schemas.flatMap(({ properties }) => keysOf(properties)));
    return this.#child(this.#names.has(key) ? `property ${key}` : 'property', (schema) => {
      const { patternProperties, additionalProperties, unevaluatedProperties } = schema;
      const own = propertyOf(schema, key);
      const others = own === undefined ? [additionalProperties, unevaluatedProperties] : [own];
      // Patterns are not evaluated: they come from the agent, and one may never finish.
      return [...others, ...valuesOf(patternProperties)];
    });
  }

  /** The schemas of an item of the value. */
  ofItem(index: number): ApplicableSchemas {
    this.#tupleLength ??= Math.max(0, ...this.schemas.map((schema) => tupleOf(schema).length));
    return this.#child(index < this.#tupleLength ? `item ${index}` : 'item', (schema) => {
      const { items, additionalItems, unevaluatedItems, contains } = schema;
      const rest = Array.isArray(items) ? additionalItems : items;
      return [tupleOf(schema)[index] ?? rest, unevaluatedItems, contains];
    });
  }

  #child(name: string, children: (schema: JsonObject) => readonly (Json | undefined)[]): ApplicableSchemas {
    const known = this.#children.get(name);
    if (known) return known;
    // Each field of the payload looks at every schema.
    this.document.steps += this.schemas.length;
    const schemas = this.document.steps > MAX_STEPS ? [UNKNOWN] : this.schemas.flatMap(children);
    const child = new ApplicableSchemas(this.document, expand(this.document, schemas));
    this.#children.set(name, child);
    return child;
  }
}

const inPlace = (root: JsonObject, schema: JsonObject): readonly (Json | undefined)[] => [
  ...REFERENCES.flatMap((keyword) => {
    const reference = schema[keyword];
    return typeof reference === 'string' ? [resolveFragment(root, reference) ?? UNKNOWN] : [];
  }),
  ...APPLICATORS.flatMap((keyword) => listOf(schema[keyword])),
  ...BY_PROPERTY.flatMap((keyword) => valuesOf(schema[keyword])),
];

/** The schemas and all that they apply to the same value, each once. */
const expand = (document: Document, starts: readonly (Json | undefined)[]): readonly JsonObject[] => {
  const found = new Set<JsonObject>();
  const open = starts.filter(isJsonObject);
  for (let schema = open.pop(); schema; schema = open.pop()) {
    if (found.has(schema)) continue;
    if ((document.steps += 1) > MAX_STEPS) return [UNKNOWN];
    found.add(schema);
    for (const one of inPlace(document.root, schema)) if (isJsonObject(one)) open.push(one);
  }
  return [...found];
};
