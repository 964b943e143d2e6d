import presets from 'jest-preset-angular/presets/index.js';

/** What of the packages has to be compiled for jest: ESM, and the icons, which become their text. */
const COMPILED = ['.*\\.mjs$', '.*\\.svg$', '@jsverse/utils/', '@angular/common/locales/.*\\.js$'];

/** @type {import('jest').Config} */
export default {
  ...presets.createCjsPreset({ tsconfig: '<rootDir>/tsconfig.spec.json' }),
  displayName: 'console',
  // Compiling the first one of a run takes a while on a busy machine.
  testTimeout: 30_000,
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  setupFilesAfterEnv: ['<rootDir>/src/testing/setup.ts'],
  transformIgnorePatterns: [`node_modules/(?!${COMPILED.join('|')})`],
  moduleNameMapper: {
    '^#contracts$': '<rootDir>/../libs/contracts/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};
