import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Libraries that only some servers need, or only long after the start. */
const LATE = ['@nestjs/swagger', '@simplewebauthn/server', 'ajv', 'pg', 'pino-pretty', 'piscina', 'prom-client'];

const STATIC_IMPORT = /^(?:import|export)\s(?:[^'"]*?\sfrom\s+)?["']([^"']+)["']/gm;

/** The files and packages that the file imports statically, directly or indirectly. */
const importedBy = (entry: string): ReadonlySet<string> => {
  const found = new Set([entry]);
  // The loop also visits files added during the walk.
  for (const file of found) {
    if (!file.startsWith('/')) continue;
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(STATIC_IMPORT)) {
      found.add(name.startsWith('.') ? resolve(dirname(file), name) : name);
    }
  }
  return found;
};

describe('a start', () => {
  const imported = importedBy(resolve('dist/server/start-server.js'));

  it('loads the server', () => {
    expect(imported).toContain('typeorm');
    expect(imported).toContain(resolve('dist/server/modules/commands/commands.controller.js'));
  });

  // Together they are a quarter of the modules that a start would otherwise load (docs/decisions/0022).
  it.each(LATE)('does not load %s', (name) => {
    expect([...imported].filter((one) => one === name || one.startsWith(`${name}/`))).toEqual([]);
  });
});
