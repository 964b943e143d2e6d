const transform = {
  '^.+\\.[cm]?[tj]s$': [
    '@swc/jest',
    {
      jsc: {
        target: 'es2023',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        keepClassNames: true,
      },
      module: { type: 'commonjs' },
      sourceMaps: 'inline',
      swcrc: false,
    },
  ],
};

/** What every project shares: ESM sources, run as CommonJS (Nest 12, a few of its parts and Commander ship as ESM only). */
export const base = {
  testEnvironment: 'node',
  transform,
  // A release holds another package of our name.
  modulePathIgnorePatterns: ['<rootDir>/dist/release', '<rootDir>/dist/packages'],
  transformIgnorePatterns: [
    '/node_modules/(?!(@nestjs|file-type|strtok3|token-types|uint8array-extras|@tokenizer|@borewit|commander)/)',
  ],
  moduleNameMapper: {
    '^#(contracts|agent|testing)$': '<rootDir>/libs/$1/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};

/** Starts the tests' own PostgreSQL once for all projects. */
const withPostgres = {
  globalSetup: '<rootDir>/server/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/server/test/support/global-teardown.mjs',
  setupFiles: ['<rootDir>/server/test/support/quiet.ts'],
};

/** @type {import('jest').Config} */
export default {
  // Not how long a test takes, but how long one that hangs is waited for, on a busy machine.
  testTimeout: 60_000,
  // Jest would leave one core to somebody else; on two that is half.
  maxWorkers: '100%',
  projects: [
    { ...base, displayName: 'libs', testMatch: ['<rootDir>/libs/**/*.spec.ts'] },
    { ...base, ...withPostgres, displayName: 'server', testMatch: ['<rootDir>/server/src/**/*.spec.ts'] },
    { ...base, ...withPostgres, displayName: 'e2e', testMatch: ['<rootDir>/server/test/**/*.e2e-spec.ts'] },
  ],
};
