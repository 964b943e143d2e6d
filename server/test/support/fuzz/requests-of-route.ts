import type { OpenAPIObject } from '@nestjs/swagger';
import fc from 'fast-check';
import type { RequestOptions } from '#testing';
import { hostileText } from './hostile-values.js';
import { valuesOfSchema } from './values-of-schema.js';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

export interface FuzzedRoute {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

export interface FuzzedRequest {
  readonly method: string;
  readonly path: string;
  readonly options: RequestOptions;
}

/** Every route of the description. */
export const routesOf = (document: OpenAPIObject): readonly FuzzedRoute[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ method: method.toUpperCase(), path, operation }] : [];
    }),
  );

/** A valid `wait` would hold the request open, so none is sent. */
const isWaiting = (name: string): boolean => name === 'wait';

/** The value encoded for a URL; values without a UTF-8 encoding are replaced. */
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

const pathsOf = (path: string, ids: readonly string[]): fc.Arbitrary<string> => {
  const parts = [...path.matchAll(/\{(\w+)\}/g)].map(([part]) => part);
  const value = fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: hostileText });
  return fc
    .tuple(...parts.map(() => value))
    .map((values) => parts.reduce((text, part, i) => text.replace(part, () => encoded(values[i] ?? '')), path));
};

const queriesOf = (document: OpenAPIObject, { parameters = [] }: Operation): fc.Arbitrary<string> => {
  const names = parameters.flatMap((one) => ('in' in one && one.in === 'query' && !isWaiting(one.name) ? [one] : []));
  const value = (schema: object) =>
    valuesOfSchema(document, schema).map((one) =>
      (typeof one === 'string' ? one : JSON.stringify(one)).slice(0, 1_000),
    );
  const fields = Object.fromEntries(names.map((one) => [one.name, value(one.schema ?? { type: 'string' })]));
  return fc
    .tuple(fc.record(fields, { requiredKeys: [] }), fc.option(hostileText, { freq: 6 }))
    .map(([known, extra]) => {
      const pairs = Object.entries(known).map(([name, text]) => `${name}=${encoded(text ?? '')}`);
      if (extra !== null) pairs.push(`${encoded(extra)}=${encoded(extra)}`);
      return pairs.length > 0 ? `?${pairs.join('&')}` : '';
    });
};

const bodiesOf = (document: OpenAPIObject, { method, operation }: FuzzedRoute): fc.Arbitrary<RequestOptions> => {
  if (method === 'GET') return fc.constant({});
  const { requestBody } = operation;
  const schema = requestBody && 'content' in requestBody ? requestBody.content['application/json']?.schema : undefined;
  const json = valuesOfSchema(document, schema ?? {}).map((body): RequestOptions => ({
    rawBody: JSON.stringify(body),
  }));
  const broken = fc.constantFrom('{', '[1,', 'null', '"text"', '{"a":1}}', '\uFEFF{}');
  return fc.oneof(
    { weight: 8, arbitrary: json },
    { weight: 1, arbitrary: broken.map((rawBody): RequestOptions => ({ rawBody })) },
    { weight: 1, arbitrary: fc.constant<RequestOptions>({}) },
  );
};

/** Requests to a route, with `ids` or other values in its path and almost valid queries and bodies. */
export const requestsOfRoute = (
  document: OpenAPIObject,
  route: FuzzedRoute,
  ids: readonly string[],
): fc.Arbitrary<FuzzedRequest> =>
  fc
    .tuple(pathsOf(route.path, ids), queriesOf(document, route.operation), bodiesOf(document, route))
    .map(([path, query, options]) => ({ method: route.method, path: `${path}${query}`, options }));
