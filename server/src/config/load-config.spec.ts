import { loadConfig, type LoadedConfig } from './load-config.js';

const load = (values: Record<string, string>): LoadedConfig =>
  loadConfig(values, { version: '1.2.3', makeSecret: () => 'made'.repeat(8) });

const configOf = (values: Record<string, string>) => {
  const loaded = load(values);
  if (!loaded.ok) throw new Error(loaded.faults.join('\n'));
  return loaded.config;
};

const faultsOf = (values: Record<string, string>): readonly string[] => {
  const loaded = load(values);
  return loaded.ok ? [] : loaded.faults;
};

describe('loadConfig', () => {
  it('has a working default for everything', () => {
    const config = configOf({});
    expect(config).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 8080,
      sessionTtlSeconds: 28_800,
      commandTtlSeconds: 300,
      version: '1.2.3',
      trustProxy: false,
    });
    expect(config.database).toMatchObject({ kind: 'sqlite' });
    expect(config.database.file).toMatch(/data\/opstage\.db$/);
    expect(config.sessionSecrets).toEqual(['made'.repeat(8)]);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('names every fault at once, and never repeats a value', () => {
    const faults = faultsOf({
      OPSTAGE_PORT: '99999999',
      OPSTAGE_SESSION_SECRET: 'hunter2',
      OPSTAGE_ADMIN_PASSWORD: 'hunter2',
      OPSTAGE_LOG_LEVEL: 'loud',
      OPSTAGE_PUBLIC_BASE_URL: 'ftp://x',
      DATABASE_URL: 'mysql://x',
      OPSTAGE_TRUST_PROXY: 'everyone',
    });
    expect(faults).toHaveLength(7);
    expect(faults.join()).not.toContain('hunter2');
  });

  it('copies the audit to standard output, a file or nowhere', () => {
    expect(configOf({}).auditStream).toBeNull();
    expect(configOf({ OPSTAGE_AUDIT_STREAM: 'stdout' }).auditStream).toBe('stdout');
    expect(configOf({ OPSTAGE_AUDIT_STREAM: './audit.jsonl' }).auditStream).toMatch(/^\/.*\/audit\.jsonl$/);
  });

  it('reads a rotated secret, newest first', () => {
    const [a, b] = ['a'.repeat(32), 'b'.repeat(32)];
    expect(configOf({ OPSTAGE_SESSION_SECRET: `${a}, ${b}` }).sessionSecrets).toEqual([a, b]);
    expect(faultsOf({ OPSTAGE_SESSION_SECRET: `${a},` })).toHaveLength(1);
  });

  it.each([
    ['file:./x.db', /\/x\.db$/],
    ['file:/var/lib/x.db', /^\/var\/lib\/x\.db$/],
    ['file:///var/lib/x.db', /^\/var\/lib\/x\.db$/],
  ])('finds the SQLite file of %s', (url, file) => {
    expect(configOf({ DATABASE_URL: url }).database.file).toMatch(file);
  });

  it('takes a PostgreSQL URL as it is', () => {
    expect(configOf({ DATABASE_URL: 'postgres://u:p@h/d' }).database).toMatchObject({
      kind: 'postgres',
      url: 'postgres://u:p@h/d',
    });
  });

  it('refuses a placeholder where a secret belongs', () => {
    for (const secret of ['change-me-'.repeat(4), 'please replace this before you start!', 'PLACEHOLDER'.repeat(3)]) {
      expect(faultsOf({ OPSTAGE_SESSION_SECRET: secret })).toEqual([expect.stringContaining('OPSTAGE_SESSION_SECRET')]);
    }
    expect(faultsOf({ OPSTAGE_ADMIN_PASSWORD: 'ChangeMe-now!' })).toHaveLength(1);
  });

  it.each([
    ['OPSTAGE_PORT', '65536'],
    ['OPSTAGE_PORT', '80a'],
    ['OPSTAGE_SESSION_TTL_SECONDS', '59'],
    ['OPSTAGE_COMMAND_TTL_SECONDS', '0'],
    ['OPSTAGE_AUDIT_RETENTION_DAYS', '-1'],
    ['OPSTAGE_MAINTENANCE_INTERVAL_SECONDS', '1.5'],
    ['OPSTAGE_ADMIN_PASSWORD', 'x'.repeat(257)],
    ['OPSTAGE_ADMIN_USERNAME', 'two words'],
    ['OPSTAGE_PUBLIC_BASE_URL', 'https://ops:hunter2@example.org'],
    ['DATABASE_URL', 'file://host/x.db'],
    ['DATABASE_URL', 'postgres://u:p@host:port/d'],
    ['OPSTAGE_TRUST_PROXY', '10.0.0.0/8,nonsense'],
    ['OPSTAGE_ADMIN_ALLOWED_CIDRS', '10.0.0.0/8,10.0.0.0/33'],
    ['OPSTAGE_AGENT_ALLOWED_CIDRS', 'fe80::1%eth0/64'],
    ['OPSTAGE_AGENT_ALLOWED_CIDRS', '10.0.0.0/8,'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(faultsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name} `))]);
  });

  it('takes empty values for none', () => {
    const names = ['OPSTAGE_PORT', 'DATABASE_URL', 'OPSTAGE_ADMIN_PASSWORD', 'OPSTAGE_SESSION_SECRET'];
    expect(configOf(Object.fromEntries(names.map((name) => [name, ' '])))).toEqual(configOf({}));
  });

  it('makes a secret only when nothing else is at fault, in the data directory', () => {
    const makeSecret = jest.fn(() => 'made'.repeat(8));
    loadConfig({ OPSTAGE_PORT: 'x' }, { version: '1', makeSecret });
    loadConfig({ OPSTAGE_SESSION_SECRET: 'a'.repeat(32) }, { version: '1', makeSecret });
    expect(makeSecret).not.toHaveBeenCalled();
    loadConfig({ OPSTAGE_DATA_DIR: '/var/lib/opstage' }, { version: '1', makeSecret });
    expect(makeSecret).toHaveBeenCalledWith('/var/lib/opstage');
  });

  it('takes a data directory that cannot keep the secret for a fault like any other', () => {
    const makeSecret = () => {
      throw new Error('EACCES: permission denied');
    };
    const loaded = loadConfig({}, { version: '1', makeSecret });
    expect(loaded).toEqual({
      ok: false,
      faults: ['OPSTAGE_DATA_DIR cannot keep the session secret: EACCES: permission denied'],
    });
  });

  it('reports names that look like its own but are not', () => {
    const loaded = load({ OPSTAGE_PROT: '1', OPSTAGE_AGENT_CODE: 'x', PATH: '/bin' });
    expect(loaded).toMatchObject({ ok: true, warnings: [expect.stringContaining('OPSTAGE_PROT')] });
  });

  it('reads the networks people and agents may come from; none means any', () => {
    const cidrs = { OPSTAGE_ADMIN_ALLOWED_CIDRS: '10.0.0.0/8, fd00::/8', OPSTAGE_AGENT_ALLOWED_CIDRS: '192.0.2.7' };
    expect(configOf(cidrs)).toMatchObject({
      adminAllowedCidrs: ['10.0.0.0/8', 'fd00::/8'],
      agentAllowedCidrs: ['192.0.2.7'],
    });
    expect(configOf({})).toMatchObject({ adminAllowedCidrs: [], agentAllowedCidrs: [] });
  });

  it.each([
    ['false', false],
    ['2', 2],
    ['10.0.0.0/8, 127.0.0.1', ['10.0.0.0/8', '127.0.0.1']],
    ['true', ['loopback', 'linklocal', 'uniquelocal']],
  ])('trusts proxies as told: %s', (value, expected) => {
    expect(configOf({ OPSTAGE_TRUST_PROXY: value }).trustProxy).toEqual(expected);
  });
});
