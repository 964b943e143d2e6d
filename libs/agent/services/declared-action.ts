import { DangerLevel, type JsonObject, type ReportedAction } from '../../contracts/index.js';
import { copyAsJson, describeChanges } from '../base/json-copy.js';
import { sealedNamesOf } from '../base/secret-names.js';
import type { ActionDeclaration, ActionHandler } from '../base/types.js';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/;
const MAX_TIMEOUT_SECONDS = 86_400;
const TYPES = ['null', 'boolean', 'object', 'array', 'number', 'integer', 'string'];
/** Keywords of JSON Schema whose value is a schema, a list of them, or a map to them. */
const SCHEMAS = ['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'allOf', 'anyOf', 'oneOf'];
const SCHEMA_MAPS = ['properties', 'patternProperties', '$defs', 'definitions'];
const MAX_DEPTH = 50;

/** An action of a service: what is reported about it, and its handler. */
export class DeclaredAction {
  readonly reported: ReportedAction;
  private readonly sealed: Set<string>;

  /** @throws TypeError when the server could not use the declaration */
  constructor(
    readonly declaration: ActionDeclaration,
    readonly handler: ActionHandler,
  ) {
    this.reported = checked(declaration, handler);
    this.sealed = new Set(sealedNamesOf(this.reported.inputSchema));
  }

  /** The fields of a payload that a schema of this action seals. */
  get sealedNames(): ReadonlySet<string> {
    return this.sealed;
  }

  /** Also seals what this schema, of a preparation, seals. */
  sealNamesOf(schema: unknown): void {
    for (const name of sealedNamesOf(schema)) this.sealed.add(name);
  }
}

const checked = (declaration: unknown, handler: unknown): ReportedAction => {
  const { value } = copyAsJson(declaration, 'action');
  const { name, label, dangerLevel, timeoutSeconds, ...rest } = (value ?? {}) as Partial<ReportedAction>;
  if (typeof name !== 'string' || !NAME.test(name))
    throw new TypeError(`The action name ${JSON.stringify(name)} must match ${NAME.source}.`);
  const refuse = (reason: string): never => {
    throw new TypeError(`Action ${name}: ${reason}`);
  };
  if (typeof label !== 'string' || label === '') return refuse('it needs a label.');
  if (typeof handler !== 'function') refuse('it needs a handler.');
  if (dangerLevel !== undefined && !Object.hasOwn(DangerLevel, dangerLevel))
    refuse(`dangerLevel must be one of ${Object.keys(DangerLevel).join(', ')}.`);
  if (timeoutSeconds !== undefined && !isTimeout(timeoutSeconds))
    refuse(`timeoutSeconds must be a whole number from 1 to ${MAX_TIMEOUT_SECONDS}.`);
  const { inputSchema, prepare } = declaration as ActionDeclaration;
  if (prepare !== undefined && typeof prepare !== 'function') refuse('prepare must be a function.');
  const schema = inputSchema === undefined ? undefined : checkedSchema(inputSchema, refuse);
  return { ...rest, name, label, dangerLevel, timeoutSeconds, inputSchema: schema };
};

const isTimeout = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= MAX_TIMEOUT_SECONDS;

const checkedSchema = (schema: unknown, refuse: (reason: string) => never): JsonObject => {
  const { value, changes } = copyAsJson(schema, 'inputSchema');
  if (!isRecord(value)) return refuse('inputSchema must be a JSON Schema, an object.');
  if (changes.length > 0) return refuse(`inputSchema cannot be sent as it is: ${describeChanges(changes)}.`);
  if (value.type !== undefined && ![value.type].flat().includes('object'))
    return refuse('inputSchema must describe an object: the payload always is one.');
  const wrong = wrongTypeIn(value, 'inputSchema', 0);
  return wrong === null ? value : refuse(wrong);
};

/** Names the first `type` in a schema that JSON Schema does not have. */
const wrongTypeIn = (schema: unknown, path: string, depth: number): string | null => {
  if (!isRecord(schema) || depth > MAX_DEPTH) return null;
  const wrong = [schema.type ?? []].flat().find((type) => !TYPES.includes(type as string));
  if (wrong !== undefined) return `${path}.type must be one of ${TYPES.join(', ')}, not ${JSON.stringify(wrong)}.`;
  const below = [
    ...SCHEMAS.flatMap((keyword) => namedSchemas(keyword, [schema[keyword] ?? []].flat())),
    ...SCHEMA_MAPS.flatMap((keyword) => namedSchemas(keyword, schema[keyword])),
  ];
  for (const [place, inner] of below) {
    const found = wrongTypeIn(inner, `${path}.${place}`, depth + 1);
    if (found !== null) return found;
  }
  return null;
};

const namedSchemas = (keyword: string, schemas: unknown): (readonly [string, unknown])[] =>
  typeof schemas === 'object' && schemas !== null
    ? Object.entries(schemas).map(([name, schema]) => [`${keyword}.${name}`, schema] as const)
    : [];

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
