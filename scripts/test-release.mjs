import { startPostgres } from '../server/test/support/postgres-server.mjs';
import { runScript } from './lib/entry.mjs';
import { findNode } from './lib/find-node.mjs';
import { runInForeground } from './lib/processes.mjs';
import { inProject } from './lib/project.mjs';

const HOOKS = inProject('libs', 'testing', 'run-typescript.mjs');
const MAIN = inProject('scripts', 'smoke', 'release.ts');

/** Tries what `npm run release` made; the database is a new one of the tests' own. */
await runScript(async () => {
  delete process.env.OPSTAGE_TEST_POSTGRES_URL;
  const postgres = await startPostgres();
  try {
    const args = ['--conditions=source', `--import=${HOOKS}`, MAIN];
    return await runInForeground(findNode(), args, { cwd: inProject() });
  } finally {
    await postgres.stop();
  }
});
