import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeConfig, loadConfig, SERVER_NAMES } from './load-config.js';

const page = (): readonly string[] =>
  readFileSync(join(__dirname, '../../../docs/reference/configuration.md'), 'utf8').split('\n');

/** Paths, which the page shows before they are resolved. */
const SHOWN: Readonly<Record<string, string>> = {
  OPSTAGE_DATA_DIR: './data',
  DATABASE_URL: 'opstage.db',
  OPSTAGE_BACKUP_DIR: 'backups',
};

const defaults = (): Readonly<Record<string, string | number | boolean | null>> => {
  const loaded = loadConfig({}, { version: 'the package’s', createSecret: () => 'x'.repeat(32) });
  if (!loaded.ok) throw new Error(loaded.faults.join());
  const { OPSTAGE_SESSION_SECRET, OPSTAGE_VERSION, ...shown } = describeConfig(loaded.config);
  return { ...shown, ...SHOWN };
};

describe('the configuration reference', () => {
  it.each(SERVER_NAMES)('has a row for %s, with its default', (name) => {
    const line = page().find((text) => text.includes(`\`${name}\``));
    expect(line).toBeDefined();
    const value = defaults()[name];
    if (value !== null && value !== undefined) expect(line).toContain(String(value));
  });

  it('names no setting that does not exist', () => {
    const agentSide = /^OPSTAGE_(?:BACKEND_URL|REGISTRATION_TOKEN|AGENT_(?:TOKEN_FILE|CODE|NAME))$/;
    const named = page().flatMap((text) => text.match(/\bOPSTAGE_[A-Z_]+\b/g) ?? []);
    const unknown = named.filter((name) => !SERVER_NAMES.some((known) => known === name) && !agentSide.test(name));
    expect(unknown).toEqual([]);
  });
});
