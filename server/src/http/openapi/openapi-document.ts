import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ERROR_STATUS, SESSION_COOKIE } from '#contracts';
import { STREAM_EXTENSION } from '../access.js';
import { loadSwagger } from './openapi-decorators.js';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type Schema = Schemas[string];

/** What handlers answer. */
export interface DescribedAnswers {
  /** By `Controller_handler`. */
  readonly answers: { readonly [handler: string]: object };
  /** What the answers refer to, by name. */
  readonly schemas: { readonly [name: string]: object };
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const whole = { type: 'integer' };

const SCHEMAS: Schemas = {
  Pagination: {
    type: 'object',
    required: ['page', 'pageSize', 'total'],
    properties: { page: whole, pageSize: whole, total: whole, nextCursor: { type: 'string' } },
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
          code: { type: 'string', enum: Object.keys(ERROR_STATUS) },
          message: { type: 'string' },
          details: { description: 'Of 422: `{issues: [{path, message}]}`.' },
        },
      },
    },
  },
};

const json = (schema: Schema) => ({ 'application/json': { schema } });

const REFUSED = json({ $ref: '#/components/schemas/ErrorEnvelope' });
const STREAM = { '*/*': { schema: { type: 'string', format: 'binary' } } };

const envelopeOf = (answer: object): Schema => {
  const { data, isPage = false } = answer as { readonly data: Schema; readonly isPage?: boolean };
  return {
    type: 'object',
    required: ['success', 'data', ...(isPage ? ['pagination'] : [])],
    properties: {
      success: { type: 'boolean', enum: [true] },
      data,
      ...(isPage && { pagination: { $ref: '#/components/schemas/Pagination' } }),
    },
  };
};

/** Nest numbers the operations of a handler with several paths. */
const handlerOf = ({ operationId = '' }: Operation): string => operationId.replace(/\[\d+\]$/, '');

const describeAnswers = (operation: Operation, answers: DescribedAnswers['answers']): void => {
  const isStream = STREAM_EXTENSION in operation;
  const answer = answers[handlerOf(operation)];
  operation.responses = {
    200: { description: 'Done.', content: isStream || !answer ? STREAM : json(envelopeOf(answer)) },
    default: { description: 'Refused; `error.code` says why.', content: REFUSED },
  };
};

/** Nest writes `nullable` as OpenAPI 3.0 had it; 3.1 is JSON Schema, where null is a type. */
const withNullTypes = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withNullTypes);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, type, ...rest } = value as Record<string, unknown>;
  const others = Object.fromEntries(Object.entries(rest).map(([key, one]) => [key, withNullTypes(one)]));
  if (type === undefined) return others;
  return { type: nullable === true ? [type, 'null'] : withNullTypes(type), ...others };
};

/** Gives every operation the answers it has on the wire: 200 with its data, or an error, each in its envelope. */
export const describeEnvelopes = (document: OpenAPIObject, { answers, schemas }: DescribedAnswers): OpenAPIObject => {
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (operation) describeAnswers(operation, answers);
    }
  }
  const requests = withNullTypes(document.components?.schemas) as Schemas;
  return {
    ...document,
    components: { ...document.components, schemas: { ...requests, ...(schemas as Schemas), ...SCHEMAS } },
  };
};

/** The OpenAPI document of the routes there are. */
export const createOpenApi = async (app: INestApplication, version: string): Promise<OpenAPIObject> => {
  const { DocumentBuilder, SwaggerModule } = await loadSwagger();
  // As long as the code of the server itself, and as seldom needed.
  const { ANSWERS, SCHEMAS } = await import('../../response-schemas.generated.js');
  return describeEnvelopes(
    SwaggerModule.createDocument(
      app,
      new DocumentBuilder()
        .setTitle('Opstage CE')
        .setDescription('A self-hosted control plane for Capsule Services.')
        .setVersion(version)
        // The first that takes JSON Schema as it is.
        .setOpenAPIVersion('3.1.0')
        .addCookieAuth(SESSION_COOKIE)
        .addBearerAuth()
        .build(),
    ),
    { answers: ANSWERS, schemas: SCHEMAS },
  );
};
