import type { OpenAPIObject } from '@nestjs/swagger';
import { ERROR_STATUS } from '#contracts';
import { STREAM_EXTENSION } from './raw.js';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const whole = { type: 'integer' };

const SCHEMAS: Schemas = {
  SuccessEnvelope: {
    type: 'object',
    required: ['success', 'data'],
    properties: {
      success: { type: 'boolean', enum: [true] },
      data: { description: 'The answer; an array where there is `pagination`.' },
      pagination: { $ref: '#/components/schemas/Pagination' },
    },
  },
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

const json = (schema: string) => ({ 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } });

const STREAM = { '*/*': { schema: { type: 'string', format: 'binary' } } };

const describeAnswers = (operation: Operation): void => {
  const isStream = STREAM_EXTENSION in operation;
  operation.responses = {
    200: { description: 'Done.', content: isStream ? STREAM : json('SuccessEnvelope') },
    default: { description: 'Refused; `error.code` says why.', content: json('ErrorEnvelope') },
  };
};

/** Gives every operation the answers it has on the wire: 200 with its data, or an error, each in its envelope. */
export const describeEnvelopes = (document: OpenAPIObject): OpenAPIObject => {
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (operation) describeAnswers(operation);
    }
  }
  return {
    ...document,
    components: { ...document.components, schemas: { ...document.components?.schemas, ...SCHEMAS } },
  };
};
