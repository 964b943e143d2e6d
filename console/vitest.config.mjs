import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globals: true,
    // How long to wait for a test that hangs on a busy machine, not how long a test takes.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // The spec files of one worker share its modules, so Angular Material is loaded once.
    pool: 'threads',
    maxWorkers: '100%',
    reporters: [['default', { summary: false }]],
  },
});
