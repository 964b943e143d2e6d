import type { RuntimeDiagnostics } from '#contracts';
import { SERVER_NAMES } from '../../src/config/load-config.js';
import { aNumber } from '../support/matchers.js';
import { OWNER, startTestApp } from '../support/start-test-app.js';
import { testDatabaseKind } from '../support/test-database.js';

const RUNTIME = '/api/admin/diagnostics/runtime';

describe('the diagnostics', () => {
  it('say what runs here, and how it is set up, every setting by its name', async () => {
    const app = await startTestApp({ config: { trustProxy: ['loopback'], publicBaseUrl: 'https://ops.example.org' } });
    const operator = await app.signIn('operator');
    const diagnostics = await operator.get(RUNTIME).expectOk<RuntimeDiagnostics>();
    expect(diagnostics).toEqual({
      version: { name: 'opstage-ce', version: '0.0.0-test', edition: 'ce', commit: null, buildTime: null },
      node: { version: process.version, platform: process.platform, arch: process.arch, pid: process.pid },
      uptimeSeconds: aNumber(),
      memory: { rssBytes: aNumber(), heapUsedBytes: aNumber(), heapTotalBytes: aNumber() },
      database: { kind: testDatabaseKind(), sizeBytes: aNumber() },
      configuration: diagnostics.configuration,
    });
    expect(diagnostics.database.sizeBytes).toBeGreaterThan(10_000);
    expect(Object.keys(diagnostics.configuration)).toEqual(['NODE_ENV', ...SERVER_NAMES]);
    expect(diagnostics.configuration).toMatchObject({
      OPSTAGE_DATA_DIR: app.folder,
      OPSTAGE_SESSION_TTL_SECONDS: 28_800,
      OPSTAGE_TRUST_PROXY: 'loopback',
      OPSTAGE_PUBLIC_BASE_URL: 'https://ops.example.org',
    });
  });

  it('mask every secret', async () => {
    const sessionSecrets = ['the newest secret of the installation', 'an older secret of the installation'];
    const app = await startTestApp({ config: { sessionSecrets } });
    const operator = await app.signIn('operator');
    const answer = await operator.get(RUNTIME);
    const { configuration } = answer.data<RuntimeDiagnostics>();
    expect(configuration.OPSTAGE_SESSION_SECRET).toBe('[REDACTED]');
    expect(configuration.OPSTAGE_ADMIN_PASSWORD).toBe('[REDACTED]');
    for (const secret of [...sessionSecrets, OWNER.password]) expect(answer.text).not.toContain(secret);
  });
});
