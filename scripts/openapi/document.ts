import type { OpenAPIObject } from '@nestjs/swagger';
import type { Answer, Answers } from './answers-of-routes.ts';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;
type Parameter = NonNullable<Operation['parameters']>[number];
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type Schema = Schemas[string];

/** What the decorators of `server/src/http/access.ts` say about a handler. */
export interface HandlerMetadata {
  readonly access: 'public' | 'user' | 'agent';
  readonly isStream: boolean;
  /** Headers that the handler reads. */
  readonly headers: readonly { readonly name: string; readonly description?: string; readonly schema?: object }[];
}

/** What the document says beyond what Nest's library finds in controllers and DTOs. */
interface Description extends Answers {
  /** By `Controller_handler`. */
  readonly handlers: Readonly<Record<string, HandlerMetadata>>;
  readonly errorCodes: readonly string[];
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const SECURITY: Readonly<Record<HandlerMetadata['access'], NonNullable<Operation['security']>>> = {
  public: [],
  user: [{ cookie: [] }],
  agent: [{ bearer: [] }],
};

const wholeNumber = { type: 'integer' };

/** Decorators that several DTOs share hide these rules from the library. */
const PAGING: Readonly<Record<string, Partial<Record<'description' | 'schema', unknown>>>> = {
  page: { schema: { ...wholeNumber, minimum: 1, default: 1 } },
  pageSize: { schema: { ...wholeNumber, minimum: 1, maximum: 100, default: 20 } },
  cursor: {
    description: '`pagination.nextCursor` of the previous page; takes the place of `page`.',
    schema: { type: 'string', maxLength: 200 },
  },
};

const sharedSchemas = (errorCodes: readonly string[]): Schemas => ({
  Pagination: {
    type: 'object',
    required: ['page', 'pageSize', 'total'],
    properties: { page: wholeNumber, pageSize: wholeNumber, total: wholeNumber, nextCursor: { type: 'string' } },
  },
  ErrorEnvelope: {
    type: 'object',
    required: ['success', 'error'],
    properties: {
      success: { type: 'boolean', enum: [false] },
      error: {
        type: 'object',
        required: ['code', 'message'],
        properties: {
          code: { type: 'string', enum: [...errorCodes] },
          message: { type: 'string' },
          details: { description: 'For 422: `{issues: [{path, message}]}`.' },
        },
      },
    },
  },
});

const json = (schema: Schema) => ({ 'application/json': { schema } });

const REFUSED = json({ $ref: '#/components/schemas/ErrorEnvelope' });
const STREAM = { '*/*': { schema: { type: 'string', format: 'binary' } } };

const envelopeOf = ({ data, isPage }: Answer): Schema => ({
  type: 'object',
  required: ['success', 'data', ...(isPage === true ? ['pagination'] : [])],
  properties: {
    success: { type: 'boolean', enum: [true] },
    data: data as Schema,
    ...(isPage === true && { pagination: { $ref: '#/components/schemas/Pagination' } }),
  },
});

/** Nest numbers the operations of a handler with several paths. */
const handlerOf = ({ operationId = '' }: Operation): string => operationId.replace(/\[\d+\]$/, '');

/** `admin: <resource>`, `agent` or `system`, from the path. */
const tagOf = (path: string): string => {
  const [, , audience, resource = ''] = path.split('/');
  if (audience === 'admin') return `admin: ${resource}`;
  return audience === 'agents' ? 'agent' : 'system';
};

const hasParameter = (parameters: readonly Parameter[], name: string): boolean =>
  parameters.some((one) => 'name' in one && one.name === name);

/** Parameters of the path that no DTO declares, because the guard checks them. */
const missingPathParameters = (path: string, declared: readonly Parameter[]): Parameter[] =>
  [...path.matchAll(/\{(\w+)\}/g)]
    .map(([, name = '']) => name)
    .filter((name) => !hasParameter(declared, name))
    .map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));

/** The library lists headers that a handler reads with `@Headers`; ours carry a description. */
const withHeaders = (declared: readonly Parameter[], { headers }: HandlerMetadata): Parameter[] => [
  ...declared.filter((one) => !('in' in one) || one.in !== 'header'),
  ...headers.map((header) => ({ in: 'header' as const, required: false, schema: { type: 'string' }, ...header })),
];

const withPaging = (parameter: Parameter): Parameter => {
  const paging = 'in' in parameter && parameter.in === 'query' ? PAGING[parameter.name] : undefined;
  return paging ? ({ ...parameter, ...paging, required: false } as Parameter) : parameter;
};

const describeOperation = (path: string, operation: Operation, { answers, handlers }: Description): Operation => {
  const name = handlerOf(operation);
  const handler = handlers[name];
  if (!handler) throw new Error(`${path}: there is no handler ${name}.`);
  const answer = answers[name];
  const declared = operation.parameters ?? [];
  const parameters = withHeaders([...missingPathParameters(path, declared), ...declared], handler).map(withPaging);
  return {
    ...operation,
    ...(handler.isStream && { 'x-stream': true }),
    tags: [tagOf(path)],
    parameters,
    security: SECURITY[handler.access],
    responses: {
      200: { description: 'Done.', content: handler.isStream || !answer ? STREAM : json(envelopeOf(answer)) },
      default: { description: 'Refused; `error.code` says why.', content: REFUSED },
    },
  };
};

const describePath = (path: string, item: PathItem, description: Description): PathItem =>
  Object.assign(
    { ...item },
    ...METHODS.map((method) => {
      const operation = item[method];
      return operation ? { [method]: describeOperation(path, operation, description) } : {};
    }),
  ) as PathItem;

/** Nest writes `nullable` as in OpenAPI 3.0; in 3.1, which is JSON Schema, null is a type. */
const withNullTypes = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withNullTypes);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, type, ...rest } = value as Record<string, unknown>;
  const others = Object.fromEntries(Object.entries(rest).map(([key, one]) => [key, withNullTypes(one)]));
  if (type === undefined) return others;
  return { type: nullable === true ? [type, 'null'] : withNullTypes(type), ...others };
};

/** Completes the library's document: tags, credentials, path parameters, headers, and every answer in its envelope. */
export const describeApi = (document: OpenAPIObject, description: Description): OpenAPIObject => {
  const requests = withNullTypes(document.components?.schemas) as Schemas;
  const schemas = { ...requests, ...(description.schemas as Schemas), ...sharedSchemas(description.errorCodes) };
  return {
    ...document,
    paths: Object.fromEntries(
      Object.entries(document.paths).map(([path, item]) => [path, describePath(path, item, description)]),
    ),
    components: { ...document.components, schemas },
  };
};
