import type { OpenAPIObject } from '@nestjs/swagger';
import type { Answer, Answers } from './answers-of-routes.ts';
import type { HandlerName } from './handlers.ts';
import { OPERATION_IDS } from './operation-ids.ts';
import { refusalsOf } from './refusals.ts';
import type { Requests } from './requests-of-routes.ts';
import { idPattern, type Schema as JsonSchema } from './schema-of-type.ts';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;
type Parameter = NonNullable<Operation['parameters']>[number];
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type Schema = Schemas[string];

/** What the decorators of `server/src/http/access.ts` say about a handler. */
export interface HandlerMetadata {
  readonly access: 'public' | 'user' | 'agent';
  readonly isForAnyRole: boolean;
  readonly isBeforeEnrolment: boolean;
  readonly isConfirmed: boolean;
  readonly hasEffect: boolean;
  readonly isStream: boolean;
  /** Headers that the handler reads. */
  readonly headers: readonly { readonly name: string; readonly description?: string; readonly schema?: object }[];
}

/** What the document says beyond the routes, which Nest's library finds. */
interface Description {
  readonly answers: Answers;
  readonly requests: Requests;
  /** The schemas that requests and answers refer to. */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  readonly handlers: Readonly<Record<HandlerName, HandlerMetadata>>;
  /** The status of every error code. */
  readonly errorStatus: Readonly<Record<string, number>>;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const SECURITY: Readonly<Record<HandlerMetadata['access'], NonNullable<Operation['security']>>> = {
  public: [],
  user: [{ cookie: [] }],
  agent: [{ bearer: [] }],
};

const wholeNumber = { type: 'integer' };

const CSRF_TOKEN: Parameter = {
  name: 'X-CSRF-Token',
  in: 'header',
  required: true,
  description:
    'The `csrfToken` of the session, which the sign-in, `GET /api/admin/auth/me` and `GET /api/admin/auth/csrf` answer.',
  schema: { type: 'string' },
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

const ERROR: Schema = { $ref: '#/components/schemas/ErrorEnvelope' };
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
const handlerOf = ({ operationId = '' }: Operation): HandlerName => operationId.replace(/\[\d+\]$/, '');

/** `admin: <resource>`, `agent` or `system`, from the path. */
const tagOf = (path: string): string => {
  const [, , audience, resource = ''] = path.split('/');
  if (audience === 'admin') return `admin: ${resource}`;
  return audience === 'agents' ? 'agent' : 'system';
};

/** The id of an agent's own routes, which no class declares because the guard checks it. */
const ownAgentId = (path: string, declared: readonly Parameter[]): Parameter[] => {
  const isDeclared = declared.some((one) => 'name' in one && one.name === 'agentId');
  if (!path.includes('{agentId}') || isDeclared) return [];
  return [{ name: 'agentId', in: 'path', required: true, schema: { type: 'string', pattern: idPattern('agt_') } }];
};

const headersOf = ({ headers }: HandlerMetadata): Parameter[] =>
  headers.map((one) => ({ in: 'header' as const, required: false, schema: { type: 'string' }, ...one }));

const refusalsIn = (responses: Readonly<Record<number, readonly string[]>>): Operation['responses'] =>
  Object.fromEntries(
    Object.entries(responses).map(([status, codes]) => {
      const code = { type: 'string', enum: [...codes] };
      const schema: Schema = { allOf: [ERROR, { properties: { error: { properties: { code } } } }] };
      return [status, { description: `${codes.map((one) => `\`${one}\``).join(', ')}.`, content: json(schema) }];
    }),
  );

/** Where a request goes. */
interface Place {
  readonly path: string;
  readonly method: (typeof METHODS)[number];
}

const describeOperation = ({ path, method }: Place, operation: Operation, description: Description): Operation => {
  const name = handlerOf(operation);
  const handler = description.handlers[name];
  const request = description.requests[name];
  if (!handler || !request) throw new Error(`${path}: there is no handler ${name}.`);
  const operationId = OPERATION_IDS[`${method.toUpperCase()} ${path}`];
  if (operationId === undefined) {
    throw new Error(`${method.toUpperCase()} ${path} has no operation id: add it to scripts/openapi/operation-ids.ts.`);
  }
  const { requestBody: _, ...rest } = operation;
  const answer = description.answers[name];
  const declared = request.parameters as readonly Parameter[];
  const hasBody = request.body !== null;
  const refusals = refusalsOf(
    { ...handler, operationId, method, hasBody, hasQuery: request.parameters.some((one) => one.in === 'query') },
    description.errorStatus,
  );
  return {
    ...rest,
    operationId,
    tags: [tagOf(path)],
    parameters: [
      ...ownAgentId(path, declared),
      ...declared,
      ...(handler.access === 'user' && method !== 'get' ? [CSRF_TOKEN] : []),
      ...headersOf(handler),
    ],
    ...(request.body && { requestBody: { required: true, content: json(request.body) } }),
    security: SECURITY[handler.access],
    responses: {
      200: { description: 'Done.', content: handler.isStream || !answer ? STREAM : json(envelopeOf(answer)) },
      ...refusalsIn(refusals),
      default: { description: 'Refused for another reason; `error.code` says why.', content: json(ERROR) },
    },
  };
};

const describePath = (path: string, item: PathItem, description: Description): PathItem =>
  Object.assign(
    { ...item },
    ...METHODS.map((method) => {
      const operation = item[method];
      return operation ? { [method]: describeOperation({ path, method }, operation, description) } : {};
    }),
  ) as PathItem;

/** Completes the library's document, of which only routes and their summaries stay: requests, credentials and every answer. */
export const describeApi = (document: OpenAPIObject, description: Description): OpenAPIObject => ({
  ...document,
  // This server, wherever it is.
  servers: [{ url: '/' }],
  paths: Object.fromEntries(
    Object.entries(document.paths).map(([path, item]) => [path, describePath(path, item, description)]),
  ),
  components: {
    ...document.components,
    schemas: { ...(description.schemas as Schemas), ...sharedSchemas(Object.keys(description.errorStatus)) },
  },
});
