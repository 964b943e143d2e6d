import ts from 'typescript';

/** JSON Schema 2020-12, the dialect of OpenAPI 3.1. */
export type Schema = Readonly<Record<string, unknown>>;

const REF = '#/components/schemas/';

/** The type of any JSON. It refers to itself, which generators of clients cannot follow, and says nothing more than no schema. */
const ANY_JSON = 'Json';

/** The pattern of an id: its prefix, such as `agt_`, and a ULID. */
export const idPattern = (prefix: string): string => `^${prefix}[0-9A-HJKMNP-TV-Z]{26}$`;
const INSTANT = {
  type: 'string',
  format: 'date-time',
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$',
};

const PRIMITIVES: readonly (readonly [ts.TypeFlags, Schema])[] = [
  [ts.TypeFlags.Any | ts.TypeFlags.Unknown, {}],
  [ts.TypeFlags.Null, { type: 'null' }],
  [ts.TypeFlags.String, { type: 'string' }],
  [ts.TypeFlags.Number, { type: 'number' }],
  [ts.TypeFlags.Boolean, { type: 'boolean' }],
];

const has = (type: ts.Type, flags: ts.TypeFlags): boolean => (type.flags & flags) !== 0;

/** Anonymous types have no symbol, although the compiler's declarations say they do. */
const symbolOf = ({ symbol }: { readonly symbol?: ts.Symbol }): ts.Symbol | undefined => symbol;

/** Whether the property is declared as an `Instant`, which to the compiler is just another string. */
const isInstant = (property: ts.Symbol): boolean => {
  const declaration = property.valueDeclaration;
  const node = declaration && ts.isPropertySignature(declaration) ? declaration.type : undefined;
  return (node && ts.isUnionTypeNode(node) ? [...node.types] : [node]).some((one) => one?.getText() === 'Instant');
};

/** What a request's class says about a property beyond its type. */
export type Refine = (property: ts.Symbol, schema: Schema) => Schema;

/** The fields of an object, in their order. */
export interface Fields {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
}

/** Whether the property has a value of its own, so that nobody has to give it one. */
const hasDefault = ({ valueDeclaration }: ts.Symbol): boolean =>
  valueDeclaration !== undefined &&
  ts.isPropertyDeclaration(valueDeclaration) &&
  valueDeclaration.initializer !== undefined;

/** Makes JSON Schemas from the compiler's types; types with a name in `libs/contracts` become definitions. */
export class SchemaOfType {
  /** The definitions that the schemas refer to, by name. */
  readonly definitions = new Map<string, Schema>();

  readonly #checker: ts.TypeChecker;
  readonly #isNamed: (symbol: ts.Symbol) => boolean;
  readonly #refine: Refine;

  /** `isNamed` says which types become definitions of their own. */
  constructor(checker: ts.TypeChecker, isNamed: (symbol: ts.Symbol) => boolean, refine: Refine) {
    this.#checker = checker;
    this.#isNamed = isNamed;
    this.#refine = refine;
  }

  /** @throws Error for a type without a JSON form */
  of(type: ts.Type): Schema {
    const name = this.#nameOf(type);
    if (name === null) return this.#describe(type);
    if (name === ANY_JSON) return {};
    if (!this.definitions.has(name)) {
      // Set before it is described, because it may refer to itself.
      this.definitions.set(name, {});
      this.definitions.set(name, this.#describe(type));
    }
    return { $ref: `${REF}${name}` };
  }

  /** The fields of an object, each with its schema. @throws Error for a field without a JSON form */
  fieldsOf(type: ts.Type): Fields {
    const fields = type.getProperties();
    return {
      properties: Object.fromEntries(fields.map((field) => [field.name, this.#property(field)])),
      required: fields
        .filter((field) => (field.flags & ts.SymbolFlags.Optional) === 0 && !hasDefault(field))
        .map(({ name }) => name),
    };
  }

  #nameOf(type: ts.Type): string | null {
    const symbol = (type as { readonly aliasSymbol?: ts.Symbol }).aliasSymbol ?? symbolOf(type);
    const isObject = has(type, ts.TypeFlags.Object | ts.TypeFlags.Union | ts.TypeFlags.Intersection);
    if (!symbol || !isObject || type.aliasTypeArguments || !this.#isNamed(symbol)) return null;
    return (type as ts.TypeReference).typeArguments?.length ? null : symbol.name;
  }

  #describe(type: ts.Type): Schema {
    const primitive = PRIMITIVES.find(([flags]) => has(type, flags));
    if (primitive) return primitive[1];
    if (type.isStringLiteral()) return { type: 'string', enum: [type.value] };
    if (type.isNumberLiteral()) return { type: 'number', enum: [type.value] };
    if (has(type, ts.TypeFlags.BooleanLiteral)) {
      return { type: 'boolean', enum: [this.#checker.typeToString(type) === 'true'] };
    }
    if (has(type, ts.TypeFlags.TemplateLiteral)) {
      return { type: 'string', pattern: idPattern((type as ts.TemplateLiteralType).texts[0] ?? '') };
    }
    if (type.isUnion()) return this.#union(type.types);
    // A request's `Date` is an instant on the wire.
    if (symbolOf(type)?.name === 'Date') return { type: 'string', format: 'date-time' };
    if (this.#checker.isArrayLikeType(type)) return this.#array(type);
    if (has(type, ts.TypeFlags.Object | ts.TypeFlags.Intersection)) return this.#object(type);
    throw new Error(`There is no schema for the type ${this.#checker.typeToString(type)}.`);
  }

  #union(types: readonly ts.Type[]): Schema {
    const schemas = new Map<string, Schema>();
    const literals: string[] = [];
    const isWholeBoolean = types.filter((one) => has(one, ts.TypeFlags.BooleanLiteral)).length === 2;
    for (const one of types) {
      if (has(one, ts.TypeFlags.Undefined)) continue;
      if (one.isStringLiteral()) literals.push(one.value);
      // To the compiler a boolean is a union of two literals.
      else if (has(one, ts.TypeFlags.BooleanLiteral) && isWholeBoolean) schemas.set('boolean', { type: 'boolean' });
      else schemas.set(JSON.stringify(this.of(one)), this.of(one));
    }
    const parts = [...schemas.values(), ...(literals.length > 0 ? [{ type: 'string', enum: literals.sort() }] : [])];
    const [first, second] = [...parts].sort((a) => (a.type === 'null' ? 1 : -1));
    if (!first) throw new Error('An empty union has no schema.');
    if (!second) return first;
    // `["string", "null"]` reads better than `anyOf`.
    if (parts.length === 2 && second.type === 'null' && typeof first.type === 'string' && !('enum' in first)) {
      return { ...first, type: [first.type, 'null'] };
    }
    return { anyOf: parts };
  }

  #array(type: ts.Type): Schema {
    const item = this.#checker.getIndexTypeOfType(type, ts.IndexKind.Number);
    if (!item) throw new Error(`There is no schema for the list ${this.#checker.typeToString(type)}.`);
    return { type: 'array', items: this.of(item) };
  }

  #object(type: ts.Type): Schema {
    if (type.getCallSignatures().length > 0) throw new Error(`${this.#checker.typeToString(type)} has no JSON form.`);
    const { properties, required } = this.fieldsOf(type);
    const others = this.#checker.getIndexTypeOfType(type, ts.IndexKind.String);
    return {
      type: 'object',
      ...(required.length > 0 && { required }),
      ...(Object.keys(properties).length > 0 && { properties }),
      ...(others && { additionalProperties: this.of(others) }),
    };
  }

  #property(property: ts.Symbol): Schema {
    const schema = this.of(this.#checker.getTypeOfSymbol(property));
    const description = ts.displayPartsToString(property.getDocumentationComment(this.#checker));
    return this.#refine(property, {
      ...schema,
      ...(isInstant(property) && { ...INSTANT, ...(Array.isArray(schema.type) && { type: schema.type as unknown }) }),
      ...(description !== '' && { description }),
    });
  }
}
