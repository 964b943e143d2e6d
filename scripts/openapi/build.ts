import 'reflect-metadata';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import * as swaggerPlugin from '@nestjs/swagger/plugin';
import ts from 'typescript';
import { answersOfRoutes } from './answers-of-routes.ts';
import { describeApi, type HandlerMetadata } from './document.ts';
import { byName } from './handlers.ts';
import { requestsOfRoutes } from './requests-of-routes.ts';
import { rulesOfRequests } from './rules-of-requests.ts';
import { SchemaOfType } from './schema-of-type.ts';

const ROOT = join(import.meta.dirname, '../..');
const OUT = join(ROOT, 'dist/api-docs');
/** The server, compiled with the library's plugin; only this script runs it. */
const COMPILED = join(ROOT, 'dist/.openapi');
const SWAGGER_UI = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

interface Controller {
  readonly name: string;
  readonly prototype: Readonly<Record<string, unknown>>;
}

const createProgram = (): ts.Program => {
  const config = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (file) => ts.sys.readFile(file)).config as unknown;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const emitted = {
    outDir: COMPILED,
    rootDir: ROOT,
    noEmit: false,
    allowImportingTsExtensions: false,
    sourceMap: false,
    types: ['node'],
  };
  return ts.createProgram([join(ROOT, 'server/src/app.module.ts')], { ...options, ...emitted });
};

const compile = (program: ts.Program): void => {
  const plugin = swaggerPlugin.before(
    {
      introspectComments: true,
      esmCompatible: true,
      dtoFileNameSuffix: ['.dto.ts'],
      controllerFileNameSuffix: ['.controller.ts'],
    },
    program,
  ) as ts.TransformerFactory<ts.SourceFile>;
  rmSync(COMPILED, { recursive: true, force: true });
  program.emit(undefined, undefined, undefined, false, { before: [plugin] });
  const imports = { '#contracts': './libs/contracts/index.js' };
  writeFileSync(join(COMPILED, 'package.json'), JSON.stringify({ type: 'module', imports }));
};

const load = async <T>(path: string): Promise<T> => (await import(pathToFileURL(join(COMPILED, path)).href)) as T;

interface Rule {
  readonly kind: HandlerMetadata['access'];
  readonly role?: string;
  readonly beforeEnrolment?: boolean;
  readonly confirmed?: boolean;
}

/** The metadata that our decorators left on the handlers, by `Controller_handler`. */
const handlersOf = async (controllers: readonly Controller[]): Promise<Readonly<Record<string, HandlerMetadata>>> => {
  const keys = await load<Readonly<Record<string, string>>>('server/src/http/access.js');
  const read = (key: string, handler: object): unknown => Reflect.getMetadata(keys[key], handler) as unknown;
  const describe = (handler: object, rule: Rule): HandlerMetadata => ({
    access: rule.kind,
    isForAnyRole: rule.role === 'viewer',
    isBeforeEnrolment: rule.beforeEnrolment === true,
    isConfirmed: rule.confirmed === true,
    hasEffect: read('HAS_EFFECT_METADATA', handler) === true,
    isStream: read('NO_ENVELOPE_METADATA', handler) === true,
    headers: (read('HEADERS_METADATA', handler) ?? []) as HandlerMetadata['headers'],
  });
  return Object.fromEntries(
    controllers.flatMap(({ name, prototype }) =>
      Object.getOwnPropertyNames(prototype).flatMap((method) => {
        const handler = prototype[method];
        if (typeof handler !== 'function') return [];
        const rule = read('ACCESS_METADATA', handler) as Rule | undefined;
        return rule ? [[`${name}_${method}`, describe(handler, rule)]] : [];
      }),
    ),
  );
};

/** Starts the application without its providers, which the library does not need. */
const createApp = async (): Promise<NestExpressApplication> => {
  const { AppModule } = await load<{ AppModule: { forRoot(config: object): object } }>('server/src/app.module.js');
  const options = { preview: true, logger: false, abortOnError: false } as const;
  return NestFactory.create<NestExpressApplication>(AppModule.forRoot({}), options);
};

const controllersOf = (app: NestExpressApplication): readonly Controller[] => {
  const { container } = app as unknown as {
    container: { getModules(): Map<string, { controllers: Map<unknown, { metatype: Controller }> }> };
  };
  return [...container.getModules().values()].flatMap(({ controllers }) =>
    [...controllers.values()].map(({ metatype }) => metatype),
  );
};

const isDeclaredIn =
  (...places: readonly RegExp[]) =>
  (symbol: ts.Symbol): boolean =>
    !symbol.name.startsWith('__') &&
    (symbol.declarations ?? []).some((one) => places.some((place) => place.test(one.getSourceFile().fileName)));

/** Types that get a schema by name: what crosses the wire, and the classes of requests. */
const isNamed = isDeclaredIn(/\/libs\/contracts\/[^/]+\.ts$/, /\.dto\.ts$/);

const createDocument = async (program: ts.Program): Promise<OpenAPIObject> => {
  const app = await createApp();
  const { version, license } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, string>;
  const { ERROR_STATUS, SESSION_COOKIE } = await load<{
    ERROR_STATUS: Readonly<Record<string, number>>;
    SESSION_COOKIE: string;
  }>('libs/contracts/index.js');
  const builder = new DocumentBuilder()
    .setTitle('Opstage CE')
    .setDescription('A self-hosted control plane for Capsule Services.')
    .setVersion(version ?? '')
    .setLicense(license ?? '', '')
    // The first version that is plain JSON Schema.
    .setOpenAPIVersion('3.1.0')
    .addCookieAuth(SESSION_COOKIE)
    .addSecurity('bearer', {
      type: 'http',
      scheme: 'bearer',
      description: 'The token of the agent, `opstage_agent_…`.',
    });
  const config = builder.build();
  config.info.license = { name: license ?? '', identifier: license } as NonNullable<typeof config.info.license>;
  const schemas = new SchemaOfType(program.getTypeChecker(), isNamed, rulesOfRequests());
  const answers = answersOfRoutes(program, schemas);
  const requests = requestsOfRoutes(program, schemas);
  return describeApi(SwaggerModule.createDocument(app, config), {
    answers,
    requests,
    schemas: Object.fromEntries([...schemas.definitions].sort(byName)),
    handlers: await handlersOf(controllersOf(app)),
    errorStatus: ERROR_STATUS,
  });
};

const copyPages = (): void => {
  const assets = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  for (const name of SWAGGER_UI) copyFileSync(join(assets, name), join(OUT, name));
  for (const name of ['index.html', 'start.js'])
    copyFileSync(join(import.meta.dirname, 'pages', name), join(OUT, name));
};

const program = createProgram();
compile(program);
const document = await createDocument(program);
rmSync(COMPILED, { recursive: true });
mkdirSync(OUT, { recursive: true });
copyPages();
writeFileSync(join(OUT, 'openapi.json'), `${JSON.stringify(document)}\n`);
