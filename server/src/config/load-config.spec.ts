import { describeConfig, loadConfig, type LoadedConfig } from './load-config.js';

const load = (values: Record<string, string>): LoadedConfig =>
  loadConfig(values, { version: '1.2.3', createSecret: () => 'made'.repeat(8) });

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

  it('reports every fault at once, and never repeats a value', () => {
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

  it('keeps a PostgreSQL URL unchanged', () => {
    expect(configOf({ DATABASE_URL: 'postgres://u:p@h/d' }).database).toMatchObject({
      kind: 'postgres',
      url: 'postgres://u:p@h/d',
    });
  });

  it('rejects a placeholder where a secret belongs', () => {
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
  ])('rejects %s=%s by name', (name, value) => {
    expect(faultsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name} `))]);
  });

  it('treats empty values as not set', () => {
    const names = ['OPSTAGE_PORT', 'DATABASE_URL', 'OPSTAGE_ADMIN_PASSWORD', 'OPSTAGE_SESSION_SECRET'];
    expect(configOf(Object.fromEntries(names.map((name) => [name, ' '])))).toEqual(configOf({}));
  });

  it('creates a secret only when nothing else is at fault, in the data directory', () => {
    const createSecret = jest.fn(() => 'made'.repeat(8));
    loadConfig({ OPSTAGE_PORT: 'x' }, { version: '1', createSecret });
    loadConfig({ OPSTAGE_SESSION_SECRET: 'a'.repeat(32) }, { version: '1', createSecret });
    expect(createSecret).not.toHaveBeenCalled();
    loadConfig({ OPSTAGE_DATA_DIR: '/var/lib/opstage' }, { version: '1', createSecret });
    expect(createSecret).toHaveBeenCalledWith('/var/lib/opstage');
  });

  it('reports a data directory that cannot keep the secret like any other fault', () => {
    const createSecret = () => {
      throw new Error('EACCES: permission denied');
    };
    const loaded = loadConfig({}, { version: '1', createSecret });
    expect(loaded).toEqual({
      ok: false,
      faults: ['OPSTAGE_DATA_DIR cannot keep the session secret: EACCES: permission denied'],
    });
  });

  it('warns about names that look like its own but are unknown', () => {
    const loaded = load({ OPSTAGE_PROT: '1', OPSTAGE_AGENT_CODE: 'x', PATH: '/bin' });
    expect(loaded).toMatchObject({ ok: true, warnings: [expect.stringContaining('OPSTAGE_PROT')] });
  });

  it('reads the networks of users and agents; none means any', () => {
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
  ])('reads the trusted proxies %s', (value, expected) => {
    expect(configOf({ OPSTAGE_TRUST_PROXY: value }).trustProxy).toEqual(expected);
  });

  it('reads an earlier name with a warning, unless the new one is set too', () => {
    const earlier = { OPSTAGE_STRANGER_CONNECTIONS_PER_ADDRESS: '7' };
    expect(load(earlier)).toMatchObject({
      config: { unauthenticatedConnectionsPerAddress: 7 },
      warnings: [
        'OPSTAGE_STRANGER_CONNECTIONS_PER_ADDRESS is now called OPSTAGE_UNAUTHENTICATED_CONNECTIONS_PER_ADDRESS; rename it.',
      ],
    });
    const both = { ...earlier, OPSTAGE_UNAUTHENTICATED_CONNECTIONS_PER_ADDRESS: '8' };
    expect(configOf(both).unauthenticatedConnectionsPerAddress).toBe(8);
    expect(faultsOf({ OPSTAGE_STRANGER_CONNECTIONS_PER_ADDRESS: 'x' })).toEqual([
      'OPSTAGE_STRANGER_CONNECTIONS_PER_ADDRESS must be a whole number from 0 to 1000000.',
    ]);
  });
});

const shownUrl = (url: string) => describeConfig(configOf({ DATABASE_URL: url })).DATABASE_URL;

describe('describeConfig', () => {
  it('shows the file of SQLite, and everything but the password of PostgreSQL', () => {
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

  it('shows whether a password is set, but no secret', () => {
    const given = describeConfig(configOf({ OPSTAGE_ADMIN_PASSWORD: 'hunter2-hunter2' }));
    expect(given.OPSTAGE_ADMIN_PASSWORD).toBe('[REDACTED]');
    expect(describeConfig(configOf({})).OPSTAGE_ADMIN_PASSWORD).toBeNull();
    expect(given.OPSTAGE_SESSION_SECRET).toBe('[REDACTED]');
    expect(JSON.stringify(given)).not.toMatch(/hunter2|mademade/);
  });

  it.each([
    ['false', false],
    ['2', 2],
    ['10.0.0.0/8, loopback', '10.0.0.0/8,loopback'],
  ])('shows the trusted proxies %s', (value, shown) => {
    expect(describeConfig(configOf({ OPSTAGE_TRUST_PROXY: value })).OPSTAGE_TRUST_PROXY).toBe(shown);
  });
});
