import { base } from './jest.config.mjs';

/** @type {import('jest').Config} */
export default {
  testTimeout: 60_000,
  // Each file has servers of its own, and most a demo service and a browser.
  maxWorkers: 2,
  projects: [
    {
      ...base,
      displayName: 'browser',
      testMatch: ['<rootDir>/console/e2e/**/*.e2e.ts'],
      globalSetup: '<rootDir>/console/e2e/support/global-setup.mjs',
    },
    {
      ...base,
      displayName: 'processes',
      testMatch: ['<rootDir>/server/test/**/*.built-spec.ts'],
      globalSetup: '<rootDir>/server/test/support/built-global-setup.mjs',
      globalTeardown: '<rootDir>/server/test/support/global-teardown.mjs',
    },
  ],
};
