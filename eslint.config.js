import { readdirSync } from 'node:fs';
import angular from 'angular-eslint';
import prettier from 'eslint-config-prettier';
import importX from 'eslint-plugin-import-x';
import { createNodeResolver } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** The floors of the server, lowest first: each may import only what stands before it (docs/architecture.md). */
const FLOORS = [
  ['common'],
  ['config'],
  ['database'],
  ['http'],
  ['modules/changes'],
  ['modules/audit'],
  ['modules/settings'],
  ['modules/status'],
  ['modules/agents'],
  ['modules/auth', 'modules/registration'],
  ['modules/policies'],
  ['modules/commands', 'modules/backups'],
  ['modules/runs'],
  ['modules/maintenance', 'modules/events', 'modules/metrics'],
  ['modules/system'],
  ['modules/timeline', 'modules/attention'],
  ['modules/notifications'],
];

/** Sub-folders of a part, lowest first, by the same rule. */
const FLOORS_WITHIN = {
  database: [['sql'], ['sqlite', 'postgres']],
  'modules/agents': [['liveness'], ['tokens'], ['services'], ['reports'], ['agent-api']],
  'modules/auth': [['passwords', 'throttle'], ['users'], ['sessions'], ['passkeys'], ['sign-in'], ['access']],
  'modules/commands': [['payload'], ['results'], ['dispatch', 'create']],
};

const zonesOf = (floors, root) =>
  floors.flatMap((folders, floor) =>
    folders.map((folder) => ({
      target: `${root}/${folder}`,
      from: floors
        .slice(floor)
        .flat()
        .filter((other) => other !== folder)
        .map((other) => `${root}/${other}`),
      message: 'Imports point downwards only: the floors are listed in eslint.config.js and docs/architecture.md.',
    })),
  );

const MODULES = readdirSync(new URL('server/src/modules', import.meta.url));

/** Other modules get services, entities, mappers, DTOs and errors; what speaks SQL or Passport stays in its module. */
const privateFiles = MODULES.map((module) => ({
  target: MODULES.filter((other) => other !== module).map((other) => `./server/src/modules/${other}/**`),
  from: `./server/src/modules/${module}/**/*.{repository,store,strategy}.ts`,
  message: 'Repositories, stores and strategies are private to their module.',
}));

const zones = [
  ...zonesOf(FLOORS, './server/src'),
  ...Object.entries(FLOORS_WITHIN).flatMap(([part, floors]) => zonesOf(floors, `./server/src/${part}`)),
  ...privateFiles,
].filter(({ from }) => from.length > 0);

const libZones = [
  { target: './libs/contracts', from: ['./libs/agent', './libs/bench', './libs/demo', './libs/testing', './server'] },
  { target: './libs/agent', from: ['./libs/bench', './libs/demo', './libs/testing', './server'] },
  { target: './libs/demo', from: ['./libs/bench', './libs/testing', './server'] },
  { target: './libs/testing', from: ['./libs/agent', './libs/bench', './libs/demo', './server'] },
  { target: './libs/bench', from: ['./libs/agent', './libs/demo', './server'] },
  { target: './server/src', from: ['./libs/agent', './libs/bench', './libs/demo', './server/test'] },
];

/** Where each rule of `no-restricted-syntax` holds; the rules of one file are one list. */
const BASICS = [
  { selector: 'TSEnumDeclaration', message: 'Use an `as const` object and a type of the same name.' },
  {
    selector:
      ":matches(FunctionDeclaration, ArrowFunctionExpression, MethodDefinition[kind='method'] > FunctionExpression)[params.length>4]",
    message: 'Take an object: more than four parameters are hard to tell apart.',
  },
];

/** A page draws when it gets to it: what is read once, right after a click, may be the state before it. */
const NO_READING_ONCE = {
  selector:
    "CallExpression[callee.name='expect'] > AwaitExpression > CallExpression[callee.property.name=/^(count|innerText|inputValue|textContent|is[A-Z][a-z]+|getAttribute|allInnerTexts|allTextContents)$/]:not(CallExpression[callee.name='eventually'] *)",
  message: 'Use expectPoll(() => …): it reads again until the page shows it.',
};

const CLOCK_AND_CONFIG = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Ask the Clock.' },
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: 'Ask the Clock.' },
  { selector: "MemberExpression[object.name='process'][property.name='env']", message: 'Read the AppConfig.' },
];

const NO_BUILDER_RUNS = [
  {
    selector:
      'CallExpression[callee.property.name=/^(getMany|getOne|getOneOrFail|getManyAndCount|getRawMany|getRawOne|getRawAndEntities|getCount|getExists)$/]',
    message: 'A built query only gives a text: run it with ListReader, Database.query or queryInWorker.',
  },
];

const NO_INTERCEPTORS = ['UseInterceptors', 'APP_INTERCEPTOR'].map((name) => ({
  name: name === 'APP_INTERCEPTOR' ? '@nestjs/core' : '@nestjs/common',
  importNames: [name],
  message: 'Interceptors slow every request down: docs/decisions/0023.',
}));

const NO_OPENAPI = { name: '@nestjs/swagger', message: 'The build describes the API: docs/decisions/0022.' };

const NO_CONNECTIONS = {
  name: 'typeorm',
  importNames: ['DataSource', 'EntityManager', 'QueryRunner', 'Repository', 'In'],
  message: 'Only server/src/database has a connection: docs/decisions/0003.',
};

const SQL = [
  ["CallExpression[callee.object.property.name='db']", 'query|queryInWorker|select|find|findOne|count|columns'],
  ["CallExpression[callee.object.name='db']", 'query|queryInWorker|select|find|findOne|count|columns'],
  ["CallExpression[callee.object.name='tx']", 'query|execute|insert|insertIfAbsent|upsert|update|delete'],
].map(([call, methods]) => ({
  selector: `${call}[callee.property.name=/^(${methods})$/]`,
  message: 'SQL belongs in a *.repository.ts or *.store.ts.',
}));

/** Folders of the SDK in the order of imports: each may import only what stands before it, the root all of them. */
const AGENT_FOLDERS = ['base', 'connection', 'services', 'progress', 'commands'];

const agentZones = AGENT_FOLDERS.map((folder, depth) => ({
  target: `./libs/agent/${folder}`,
  from: [...AGENT_FOLDERS.slice(depth + 1).map((other) => `./libs/agent/${other}/**`), './libs/agent/*.ts'],
  message: `Imports go one way: ${AGENT_FOLDERS.join(', ')}, then the root.`,
}));

/** Specs of the SDK and of the demo may use the test kit. */
const libSpecZones = [
  { target: './libs/agent', from: ['./libs/bench', './libs/demo', './server'] },
  { target: './libs/demo', from: ['./libs/bench', './server'] },
];

const FEATURES = 'console/src/app/features';

/** What a feature of the console may import of another one. */
const LINKS = {
  // A service's page has its actions below it, as lazy routes.
  services: ['./actions/actions.routes.ts'],
};

const consoleZones = [
  ...readdirSync(new URL(FEATURES, import.meta.url)).map((feature) => ({
    target: `./${FEATURES}/${feature}`,
    from: `./${FEATURES}`,
    except: [`./${feature}`, ...(LINKS[feature] ?? [])],
    message: 'Features never import each other: what two need goes to shared/.',
  })),
  { target: './console/src/app/core', from: ['./console/src/app/shared', `./${FEATURES}`] },
  { target: './console/src/app/shared', from: `./${FEATURES}` },
  {
    target: './console/src',
    from: ['./server', './libs/agent', './libs/bench', './libs/demo', './libs/testing', './console/e2e'],
  },
  { target: './console/e2e', from: ['./server', './console/src'] },
  { target: ['./libs', './server'], from: './console' },
];

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'data/**', 'coverage/**', '.angular/**', '**/*.generated.ts'] },
  {
    files: ['**/*.{ts,js,mjs}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
  },
  {
    files: ['**/*.ts'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createNodeResolver({
          extensions: ['.ts', '.js'],
          extensionAlias: { '.js': ['.ts', '.js'] },
          conditionNames: ['source', 'import', 'default'],
        }),
      ],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-restricted-paths': ['error', { zones: [...zones, ...libZones, ...agentZones, ...consoleZones] }],
      'import-x/no-default-export': 'error',
      'import-x/order': [
        'error',
        {
          groups: ['builtin', 'external', 'internal', ['parent', 'sibling', 'index']],
          pathGroups: [{ pattern: '#*', group: 'internal' }],
          pathGroupsExcludedImportTypes: [],
          alphabetize: { order: 'asc' },
          'newlines-between': 'never',
        },
      ],
      'max-lines': ['error', { max: 300 }],
      'max-params': 'off',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_$' }],
      // Entities and the configuration are classes for TypeORM's and Nest's sake; to everybody else they are plain data.
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      'no-restricted-syntax': ['error', ...BASICS],
    },
  },
  {
    files: ['console/src/**/*.ts', 'libs/**/*.ts', 'scripts/**/*.ts', 'server/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/migrations/**'],
    rules: { 'max-lines-per-function': ['error', { max: 45, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ['server/src/database/migrations/*.ts', '**/*.spec.ts', '**/*.e2e-spec.ts', '**/*.e2e.ts'],
    rules: { 'max-lines': ['error', { max: 400 }], 'no-restricted-syntax': ['error', BASICS[0]] },
  },
  {
    files: ['console/e2e/*.e2e.ts'],
    rules: { 'no-restricted-syntax': ['error', BASICS[0], NO_READING_ONCE] },
  },
  {
    files: ['server/src/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', ...NO_INTERCEPTORS, NO_OPENAPI, NO_CONNECTIONS] },
  },
  {
    files: ['server/src/database/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', ...NO_INTERCEPTORS, NO_OPENAPI] },
  },
  {
    files: ['server/src/modules/**/*.{repository,store}.ts'],
    rules: { 'no-restricted-syntax': ['error', ...BASICS, ...CLOCK_AND_CONFIG, ...NO_BUILDER_RUNS] },
  },
  {
    files: ['server/src/modules/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.repository.ts', '**/*.store.ts'],
    rules: { 'no-restricted-syntax': ['error', ...BASICS, ...CLOCK_AND_CONFIG, ...NO_BUILDER_RUNS, ...SQL] },
  },
  {
    // The SQL of the safety page runs without a server too, for `opstage doctor`.
    files: ['server/src/modules/system/safety/safety.service.ts'],
    rules: { 'no-restricted-syntax': ['error', ...BASICS, ...CLOCK_AND_CONFIG] },
  },
  {
    files: ['**/*.{js,mjs}'],
    ...tseslint.configs.disableTypeChecked,
  },
  {
    files: ['console/src/app/**/*.ts'],
    extends: [angular.configs.tsRecommended],
    processor: angular.processInlineTemplates,
    rules: {
      '@angular-eslint/component-selector': ['error', { type: 'element', prefix: 'ops', style: 'kebab-case' }],
      '@angular-eslint/use-lifecycle-interface': 'error',
    },
  },
  {
    files: ['console/src/app/**/*.html'],
    extends: [angular.configs.templateRecommended, angular.configs.templateAccessibility],
    rules: { '@angular-eslint/template/no-any': 'error' },
  },
  {
    // It says what `import icon from '…svg'` gives.
    files: ['**/*.d.ts'],
    rules: { 'import-x/no-default-export': 'off' },
  },
  {
    files: [
      '**/*.spec.ts',
      '**/*.e2e-spec.ts',
      'server/test/**/*.ts',
      'libs/testing/**/*.ts',
      'console/src/testing/**/*.ts',
      'console/e2e/**/*.ts',
    ],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      // A test says what it expects from the wire.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
  {
    files: ['libs/{agent,demo}/**/*.spec.ts', 'libs/agent/testing/**/*.ts'],
    rules: { 'import-x/no-restricted-paths': ['error', { zones: libSpecZones }] },
  },
  {
    // A spec may use the tests' own parts, and another module's entity as an example.
    files: ['server/src/**/*.spec.ts'],
    rules: { 'import-x/no-restricted-paths': 'off' },
  },
  prettier,
);
