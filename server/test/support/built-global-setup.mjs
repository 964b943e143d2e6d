import { existsSync } from 'node:fs';
import startPostgres from './global-setup.mjs';

const SERVER = 'dist/server/main.js';

/** For specs that run what was built, as processes of its own on the tests' PostgreSQL: says so when there is nothing. */
export default async () => {
  if (!existsSync(new URL(`../../../${SERVER}`, import.meta.url)))
    throw new Error(`Build first; ${SERVER} is missing.`);
  await startPostgres();
};
