import type { AppConfig } from './app-config.js';
import { describeConfig, loadConfig } from './load-config.js';

const SECRET = 'a secret for tests that is long enough';

const configOf = (values: Record<string, string>): AppConfig => {
  const loaded = loadConfig(values, { version: '1.0.0', makeSecret: () => SECRET });
  if (!loaded.ok) throw new Error(loaded.faults.join());
  return loaded.config;
};

const shownUrl = (url: string) => describeConfig(configOf({ DATABASE_URL: url })).DATABASE_URL;

describe('describeConfig', () => {
  it('shows the file of SQLite, and of PostgreSQL everything but the password', () => {
    expect(shownUrl('file:/data/opstage.db')).toBe('file:/data/opstage.db');
    expect(shownUrl('postgres://ops:hunter2@db:5432/ops')).toBe('postgres://ops:[REDACTED]@db:5432/ops');
    expect(shownUrl('postgres://ops@db/ops')).toBe('postgres://ops@db/ops');
  });

  it.each([
    'postgres://ops:hunter2%25%zz@db/ops',
    'postgres://db/ops?user=ops&password=hunter2',
    'postgres://db/ops?password=hunter2&password=hunter2%20more&sslmode=require',
    'postgres://o%zzps:hunter2@db/ops?application_name=%E0%A4%A',
  ])('never shows the password of %s', (url) => {
    const shown = shownUrl(url);
    expect(shown).not.toContain('hunter2');
    expect(shown).toContain('[REDACTED]');
  });

  it('tells a password that is set from one that is not, and neither secret by its value', () => {
    const given = describeConfig(configOf({ OPSTAGE_ADMIN_PASSWORD: 'hunter2-hunter2' }));
    expect(given.OPSTAGE_ADMIN_PASSWORD).toBe('[REDACTED]');
    expect(describeConfig(configOf({})).OPSTAGE_ADMIN_PASSWORD).toBeNull();
    expect(given.OPSTAGE_SESSION_SECRET).toBe('[REDACTED]');
    expect(JSON.stringify(given)).not.toMatch(/hunter2|a secret for tests/);
  });

  it.each([
    ['false', false],
    ['2', 2],
    ['10.0.0.0/8, loopback', '10.0.0.0/8,loopback'],
  ])('shows the trusted proxies %s', (value, shown) => {
    expect(describeConfig(configOf({ OPSTAGE_TRUST_PROXY: value })).OPSTAGE_TRUST_PROXY).toBe(shown);
  });
});
