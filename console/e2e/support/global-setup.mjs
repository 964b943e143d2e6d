import { existsSync } from 'node:fs';

const NEEDED = ['dist/server/main.js', 'dist/libs/demo/main.js', 'dist/console/index.html'];

/** The browser tests run what was built: says so when there is nothing. */
export default () => {
  const missing = NEEDED.filter((path) => !existsSync(new URL(`../../../${path}`, import.meta.url)));
  if (missing.length > 0) throw new Error(`Build first; these are missing: ${missing.join(', ')}`);
};
