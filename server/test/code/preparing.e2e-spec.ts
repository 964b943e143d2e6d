import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const LIB = join(__dirname, '..', '..', '..', 'scripts', 'lib');
const urlOf = (name: string): string => JSON.stringify(pathToFileURL(join(LIB, name)).href);

/** Runs a script that imports from `scripts/lib`, which is no part of the TypeScript sources. */
const run = (script: string) => {
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return { code: status, errors: stderr };
};

const preparing = (command: string) =>
  run(`import { runScript } from ${urlOf('entry.mjs')};
    import { quietly } from ${urlOf('quietly.mjs')};
    await runScript(() => quietly('sh', ['-c', ${JSON.stringify(command)}]));`);

describe('what npm start prepares', () => {
  it('is said to need memory, before it starts', () => {
    const { code, errors } = run(`import { sayMemoryNeeds } from ${urlOf('memory.mjs')}; sayMemoryNeeds();`);
    expect(code).toBe(0);
    expect(errors).toMatch(/^Installing and building take about 2\.0 GB of memory/);
  });

  it.each(['kill -9 $$', 'exit 137'])('is explained when the system has killed it: %s', (command) => {
    const { code, errors } = preparing(command);
    expect(code).toBe(1);
    expect(errors).toMatch(/most likely because memory was short/);
  });

  it('is named with its exit code when it failed otherwise', () => {
    expect(preparing('exit 3').errors).toMatch(/failed: it ended with 3\.\n$/);
  });
});
