import { base } from './jest.config.mjs';

/** @type {import('jest').Config} */
export default {
  ...base,
  displayName: 'browser',
  testMatch: ['<rootDir>/console/e2e/**/*.e2e.ts'],
  globalSetup: '<rootDir>/console/e2e/support/global-setup.mjs',
  testTimeout: 60_000,
  // Each file has a server, a demo service and a browser of its own.
  maxWorkers: 2,
};
