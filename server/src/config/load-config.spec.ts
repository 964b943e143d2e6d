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
    ['OPSTAGE_PUBLIC_BASE_URL', 'https://ops.example/opstage'],
    ['OPSTAGE_PUBLIC_BASE_URL', 'https://ops.example/?a=1'],
    ['OPSTAGE_PUBLIC_BASE_URL', 'https://ops.example/#a'],
    ['DATABASE_URL', 'postgres://ops:hunter2#x@host/d'],
    ['DATABASE_URL', 'postgres://ops:1/hunter2@host/d'],
    ['DATABASE_URL', 'postgres://ops:1?hunter2@host/d'],
    ['OPSTAGE_TRUST_PROXY', 'yes'],
    ['OPSTAGE_HOST', 'http://0.0.0.0'],
    ['OPSTAGE_HOST', '0.0.0.0:8080'],
    ['OPSTAGE_HOST', '[::1]'],
    ['OPSTAGE_METRICS_HOST', '*'],
    ['OPSTAGE_AUDIT_STREAM', 'yes'],
    ['OPSTAGE_AUDIT_STREAM', 'STDOUT'],
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

  it('says what to do about a public URL with a path', () => {
    expect(faultsOf({ OPSTAGE_PUBLIC_BASE_URL: 'https://example.org/opstage/' })).toEqual([
      expect.stringMatching(/has a path.*root of its host.*https:\/\/opstage\.example\.com/),
    ]);
    expect(configOf({ OPSTAGE_PUBLIC_BASE_URL: 'https://ops.example//' }).publicBaseUrl).toBe('https://ops.example');
  });

  describe('in a pod with a Service named opstage', () => {
    const LINKS = {
      OPSTAGE_PORT: 'tcp://10.0.0.1:80',
      OPSTAGE_SERVICE_HOST: '10.0.0.1',
      OPSTAGE_SERVICE_PORT: '80',
      OPSTAGE_SERVICE_PORT_HTTP: '80',
      OPSTAGE_PORT_80_TCP: 'tcp://10.0.0.1:80',
      OPSTAGE_PORT_80_TCP_PROTO: 'tcp',
      OPSTAGE_PORT_80_TCP_PORT: '80',
      OPSTAGE_PORT_80_TCP_ADDR: '10.0.0.1',
    };
    /** A Service named `opstage-metrics`. */
    const METRICS = { OPSTAGE_METRICS_PORT: 'tcp://10.0.0.2:9464', OPSTAGE_METRICS_SERVICE_HOST: '10.0.0.2' };

    it('starts on its default port and says once why', () => {
      const loaded = load({ ...LINKS, ...METRICS });
      expect(loaded).toMatchObject({
        ok: true,
        config: { port: 8_080, metricsPort: 0 },
        warnings: [expect.stringMatching(/^OPSTAGE_PORT and others come from a Kubernetes Service.*ignored/)],
      });
    });

    it('takes the port that the pod itself sets', () => {
      expect(configOf({ ...LINKS, OPSTAGE_PORT: '9000' }).port).toBe(9_000);
    });
  });

  describe('where a value is not read as it looks', () => {
    const warningsOf = (values: Record<string, string>, envFile = ''): readonly string[] => {
      const loaded = loadConfig(values, { version: '1', createSecret: () => 'made'.repeat(8), envFile });
      return loaded.ok ? loaded.warnings : loaded.faults;
    };

    it.each([
      ['OPSTAGE_ADMIN_PASSWORD', '"hunter2-hunter2"', 'has a quotation mark at an end'],
      ['OPSTAGE_ADMIN_PASSWORD', "hunter2-hunter2'", 'has a quotation mark at an end'],
      ['OPSTAGE_ADMIN_PASSWORD', 'hunter2-hunter2 # the password', 'has a # in its value'],
      ['OPSTAGE_ADMIN_PASSWORD', 'hunter2-hunter2 ', 'has blanks or a line end around'],
      ['OPSTAGE_ADMIN_PASSWORD', 'hunter2-hunter2\r', 'has blanks or a line end around'],
      ['OPSTAGE_ADMIN_PASSWORD', '${hunter2}-hunter2', 'has a placeholder'],
      ['OPSTAGE_DATA_DIR', '~/hunter2', 'begins with ~'],
    ])('says so of %s=%s, without the value', (name, value, words) => {
      const warnings = warningsOf({ [name]: value });
      expect(warnings).toEqual([expect.stringContaining(`${name} ${words}`)]);
      expect(warnings.join()).not.toContain('hunter2');
    });

    it('adds it to what is at fault', () => {
      expect(warningsOf({ OPSTAGE_PORT: '"8080"' })).toEqual([
        expect.stringMatching(/^OPSTAGE_PORT must be a whole number/),
        expect.stringMatching(/^OPSTAGE_PORT has a quotation mark/),
      ]);
    });

    it.each([['export OPSTAGE_PORT'], ['\uFEFFOPSTAGE_PORT'], ['opstage_port']])('says that %j is not read', (name) => {
      expect(warningsOf({ [name]: '9000' })).toEqual([expect.stringContaining('should be called OPSTAGE_PORT')]);
    });

    it('says that another NODE_ENV than production counts as development', () => {
      expect(warningsOf({ NODE_ENV: 'prod' })).toEqual([expect.stringMatching(/^NODE_ENV is neither/)]);
      expect(warningsOf({ NODE_ENV: 'development' })).toEqual([]);
    });

    it.each([
      ['OPSTAGE_ADMIN_PASSWORD=hunter2#more', 'OPSTAGE_ADMIN_PASSWORD has a # in its value in the .env file'],
      ['OPSTAGE_PORT=1\r\nexport OPSTAGE_PORT=2\r\n', 'OPSTAGE_PORT is set more than once in the .env file'],
    ])('says what Node makes of a .env file with %j', (content, words) => {
      expect(warningsOf({}, content)).toEqual([expect.stringContaining(words)]);
      expect(warningsOf({}, content).join()).not.toContain('hunter2');
    });

    it('is silent about a .env file that is read as it looks', () => {
      const content = '# OPSTAGE_PORT=1#2\nOPSTAGE_PORT=8080 # the port\nOPSTAGE_ADMIN_PASSWORD="a#b"\nOTHER=x#y\n';
      expect(warningsOf({}, content)).toEqual([]);
    });
  });

  it.each([['true'], ['loopback,uniquelocal'], ['10.0.0.0/8'], ['fd00::/8']])(
    'warns that a proxy trusted as %s is anyone on that network',
    (value) => {
      expect(load({ OPSTAGE_TRUST_PROXY: value })).toMatchObject({
        warnings: [expect.stringMatching(/^OPSTAGE_TRUST_PROXY trusts every address.*number of proxies/)],
      });
    },
  );

  it.each([['1'], ['false'], ['10.0.0.7,fd00::7'], ['10.1.2.0/24'], ['loopback']])(
    'trusts %s without a warning',
    (value) => {
      expect(load({ OPSTAGE_TRUST_PROXY: value })).toMatchObject({ warnings: [] });
    },
  );

  it('warns of an offline threshold below two heartbeats', () => {
    const heartbeat = { OPSTAGE_AGENT_HEARTBEAT_INTERVAL_SECONDS: '60' };
    expect(load({ ...heartbeat, OPSTAGE_AGENT_OFFLINE_THRESHOLD_SECONDS: '119' })).toMatchObject({
      warnings: [expect.stringMatching(/^OPSTAGE_AGENT_OFFLINE_THRESHOLD_SECONDS is less than two of/)],
    });
    expect(load({ ...heartbeat, OPSTAGE_AGENT_OFFLINE_THRESHOLD_SECONDS: '120' })).toMatchObject({ warnings: [] });
  });

  it('warns when nobody could sign in over plain HTTP and no HTTPS is configured', () => {
    const production = { NODE_ENV: 'production', OPSTAGE_HOST: '0.0.0.0' };
    for (const url of ['', 'http://opstage.lan:8147']) {
      expect(load({ ...production, OPSTAGE_PUBLIC_BASE_URL: url })).toMatchObject({
        warnings: [expect.stringMatching(/^People cannot sign in over plain HTTP.*OPSTAGE_PUBLIC_BASE_URL/)],
      });
    }
    for (const url of ['https://ops.example', 'http://127.0.0.1:8080']) {
      expect(load({ ...production, OPSTAGE_PUBLIC_BASE_URL: url })).toMatchObject({ warnings: [] });
    }
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
