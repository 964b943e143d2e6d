import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Needed by some servers only, or much later than at a start. */
const LATE = ['@nestjs/swagger', '@simplewebauthn/server', 'ajv', 'pg', 'pino-pretty', 'piscina', 'prom-client'];

const STATIC_IMPORT = /^(?:import|export)\s(?:[^'"]*?\sfrom\s+)?["']([^"']+)["']/gm;

/** What the file imports at once, and what that imports: files of ours, and the packages behind them. */
const importedBy = (entry: string): ReadonlySet<string> => {
  const found = new Set([entry]);
  // What is added on the way is walked too.
  for (const file of found) {
    if (!file.startsWith('/')) continue;
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(STATIC_IMPORT)) {
      found.add(name.startsWith('.') ? resolve(dirname(file), name) : name);
    }
  }
  return found;
};

describe('a start', () => {
  const imported = importedBy(resolve('dist/server/main.js'));

  it('loads the server', () => {
    expect(imported).toContain('typeorm');
    expect(imported).toContain(resolve('dist/server/modules/commands/commands.controller.js'));
  });

  // Together they are a quarter of the modules that a start would load (docs/decisions/0022).
  it.each(LATE)('leaves %s for later', (name) => {
    expect([...imported].filter((one) => one === name || one.startsWith(`${name}/`))).toEqual([]);
  });
});
