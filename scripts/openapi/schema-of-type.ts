import ts from 'typescript';

/** JSON Schema 2020-12, the dialect of OpenAPI 3.1. */
export type Schema = Readonly<Record<string, unknown>>;

const REF = '#/components/schemas/';

/** An id: its prefix and a ULID. */
const idPattern = (prefix: string): string => `^${prefix}[0-9A-HJKMNP-TV-Z]{26}$`;
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

/** Whether the property is declared as an `Instant`, which to the compiler is just another string. */
const isInstant = (property: ts.Symbol): boolean => {
  const declaration = property.valueDeclaration;
  const node = declaration && ts.isPropertySignature(declaration) ? declaration.type : undefined;
  return (node && ts.isUnionTypeNode(node) ? [...node.types] : [node]).some((one) => one?.getText() === 'Instant');
};

/** Makes JSON Schemas from the compiler's types; types with a name in `libs/contracts` become definitions. */
export class SchemaOfType {
  /** The definitions that the schemas refer to, by name. */
  readonly definitions = new Map<string, Schema>();

  readonly #checker: ts.TypeChecker;
  readonly #isNamed: (symbol: ts.Symbol) => boolean;

  /** `isNamed` says which types become definitions of their own. */
  constructor(checker: ts.TypeChecker, isNamed: (symbol: ts.Symbol) => boolean) {
    this.#checker = checker;
    this.#isNamed = isNamed;
  }

  /** @throws Error for a type without a JSON form */
  of(type: ts.Type): Schema {
    const name = this.#nameOf(type);
    if (name === null) return this.#describe(type);
    if (!this.definitions.has(name)) {
      // Set before it is described, because it may refer to itself.
      this.definitions.set(name, {});
      this.definitions.set(name, this.#describe(type));
    }
    return { $ref: `${REF}${name}` };
  }

  #nameOf(type: ts.Type): string | null {
    // Anonymous types have no symbol, although the compiler's declarations say they do.
    const { aliasSymbol, symbol: own } = type as { readonly aliasSymbol?: ts.Symbol; readonly symbol?: ts.Symbol };
    const symbol = aliasSymbol ?? own;
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
    const properties: Record<string, Schema> = {};
    const required: string[] = [];
    for (const property of type.getProperties()) {
      properties[property.name] = this.#property(property);
      if ((property.flags & ts.SymbolFlags.Optional) === 0) required.push(property.name);
    }
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
    return {
      ...schema,
      ...(isInstant(property) && { ...INSTANT, ...(Array.isArray(schema.type) && { type: schema.type as unknown }) }),
      ...(description !== '' && { description }),
    };
  }
}
