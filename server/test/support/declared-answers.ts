import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv2020, type Options, type ValidateFunction } from 'ajv/dist/2020.js';
import type { ErrorCode, ErrorEnvelope } from '#contracts';
import type { ApiAnswer } from '#testing';

type Schema = Readonly<Record<string, unknown>>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The published schemas are open so that fields can be added; in tests an undeclared field is a leak. */
const closed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const schema = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, closed(one)]));
  const isOpen = schema.type === 'object' && 'properties' in schema && !('additionalProperties' in schema);
  return isOpen ? { ...schema, additionalProperties: false } : schema;
};

/** Each test file compiles these schemas and uses each only a few times, so compilation has to be cheap. */
const QUICK_TO_COMPILE: Options = {
  strict: false,
  validateFormats: false,
  allErrors: true,
  inlineRefs: false,
  meta: false,
  validateSchema: false,
  code: { optimize: false },
};

/** They are about a request that is not one of the API at all, or too many of them; every route may answer them. */
const OF_ANY_ROUTE: ReadonlySet<string> = new Set<ErrorCode>([
  'REQUEST_ERROR',
  'ADDRESS_NOT_ALLOWED',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'VALIDATION_FAILED',
  'RATE_LIMITED',
]);

interface DeclaredRoute {
  readonly name: string;
  readonly method: string;
  readonly path: RegExp;
  /** Null for a stream. */
  readonly validate: (() => ValidateFunction) | null;
  /** `STATUS CODE` of every way in which it says that it refuses. */
  readonly refusals: ReadonlySet<string>;
}

type Responses = Readonly<Record<string, { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }>>;

const refusalsOf = (responses: Responses): ReadonlySet<string> => {
  const codesIn = (schema: unknown): readonly string[] => {
    const { allOf } = schema as {
      allOf?: [unknown, { properties: { error: { properties: { code: { enum: string[] } } } } }];
    };
    return allOf?.[1].properties.error.properties.code.enum ?? [];
  };
  return new Set(
    Object.entries(responses).flatMap(([status, { content }]) =>
      codesIn(content['application/json']?.schema ?? {}).map((code) => `${status} ${code}`),
    ),
  );
};

const literalParts = (path: string): number => path.split('/').filter((part) => !part.startsWith('{')).length;

/** How the API description would have to say that the route refuses; null when it does, or when the fault is the server's own. */
const undeclaredRefusal = (route: DeclaredRoute | undefined, status: number, text: string): string | null => {
  const { code } = (JSON.parse(text) as ErrorEnvelope).error;
  if (!route || status >= 500 || OF_ANY_ROUTE.has(code) || route.refusals.has(`${status} ${code}`)) return null;
  return `${route.name} does not declare ${status} ${code}: add it to scripts/openapi/refusals.ts.`;
};

/** Checks answers against the API description. */
export class DeclaredAnswers {
  /** `METHOD path` of every route that has answered 200. */
  readonly seen = new Set<string>();
  readonly #ajv = new Ajv2020(QUICK_TO_COMPILE);
  readonly #routes: readonly DeclaredRoute[];

  constructor(document: OpenAPIObject) {
    this.#ajv.addSchema({ $id: 'api', ...(closed({ components: document.components }) as Schema) });
    this.#routes = Object.entries(document.paths)
      .sort(([a], [b]) => literalParts(b) - literalParts(a))
      .flatMap(([path, item]) =>
        METHODS.flatMap((method) => {
          const operation = item[method];
          return operation ? [this.#routeOf(method.toUpperCase(), path, operation.responses)] : [];
        }),
      );
  }

  /** `METHOD path` of every route that answers in an envelope. */
  get enveloped(): readonly string[] {
    return this.#routes.filter(({ validate }) => validate !== null).map(({ name }) => name);
  }

  /** Returns how the answer differs from its declaration, or null when it does not. */
  faultOf({ request, status, headers, text }: ApiAnswer): string | null {
    const [method = '', address = ''] = request.split(' ');
    const { pathname } = new URL(address, 'http://localhost');
    const isJson = headers.get('content-type')?.startsWith('application/json') ?? false;
    const route = this.#routes.find((one) => one.method === method && one.path.test(pathname));
    if (method === 'HEAD') return null;
    const isOfApi = route !== undefined || pathname.startsWith('/api/');
    if (!isOfApi || pathname === '/api/openapi.json' || !isJson) return null;
    if (status !== 200) {
      return this.#check(this.#component('ErrorEnvelope'), request, text) ?? undeclaredRefusal(route, status, text);
    }
    if (!route?.validate) return null;
    this.seen.add(route.name);
    return this.#check(route.validate(), request, text);
  }

  #check(validate: ValidateFunction, request: string, text: string): string | null {
    if (validate(JSON.parse(text))) return null;
    const faults = (validate.errors ?? []).map(
      ({ instancePath, message = '', params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
    return `${request} answered otherwise than declared: ${faults.slice(0, 5).join('; ')}. It said ${text.slice(0, 1_000)}`;
  }

  #component(name: string): ValidateFunction {
    const validate = this.#ajv.getSchema(`api#/components/schemas/${name}`);
    if (!validate) throw new Error(`Nothing is declared as ${name}.`);
    return validate;
  }

  #routeOf(method: string, path: string, responses: object): DeclaredRoute {
    const declared = responses as Responses;
    const schema = declared['200']?.content['application/json']?.schema;
    let compiled: ValidateFunction | null = null;
    const compile = () => {
      // References point into the document.
      const text = JSON.stringify(closed(schema)).replaceAll('"#/components/', '"api#/components/');
      return this.#ajv.compile(JSON.parse(text) as Schema);
    };
    return {
      name: `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      method,
      path: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`),
      refusals: refusalsOf(declared),
      validate: schema ? () => (compiled ??= compile()) : null,
    };
  }
}
