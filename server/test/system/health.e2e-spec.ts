import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorEnvelope, RuntimeDiagnostics, SystemHealth, SystemVersion } from '#contracts';
import { SERVER_NAMES } from '../../src/config/load-config.js';
import { Database } from '../../src/database/database.js';
import { anInstant, aNumber } from '../support/matchers.js';
import { aStartedPlace, OWNER, startTestApp } from '../support/start-test-app.js';
import { testDatabaseKind } from '../support/test-database.js';

const kind = testDatabaseKind();

describe('the health of the server', () => {
  it.each(['/health', '/api/system/health'])('is public at %s', async (path) => {
    const app = await startTestApp();
    const health = await app.api.get(path).expectOk<SystemHealth>();
    expect(health).toEqual({
      status: 'UP',
      timestamp: anInstant(),
      version: '0.0.0-test',
      edition: 'ce',
      database: { status: 'UP', kind, latencyMs: aNumber() },
      uptimeSeconds: aNumber(),
    });
    expect(health.database.latencyMs).toBeGreaterThanOrEqual(0);
    expect(Number.isInteger(health.uptimeSeconds)).toBe(true);
  });

  it('is DOWN with 503 and Retry-After when the database does not respond', async () => {
    const app = await startTestApp();
    await app.nest.get(Database).close();
    const answer = await app.api.get('/health');
    const { details } = answer.error(503, 'DATABASE_UNAVAILABLE');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(details).toMatchObject({
      status: 'DOWN',
      edition: 'ce',
      database: { status: 'DOWN', kind, latencyMs: null },
    });
    expect(Object.keys(answer.json<ErrorEnvelope>().error).sort()).toEqual(['code', 'details', 'message']);
  });

  it('is DOWN when PostgreSQL loses the database, and every other call gets 503 too', async () => {
    const place = await aStartedPlace('postgres');
    const app = await startTestApp({ beside: place });
    const owner = await app.signIn('owner');
    await app.api.get('/health').expectOk();
    await place.database.drop();
    await app.api.get('/health').expectError(503, 'DATABASE_UNAVAILABLE');
    await owner.get('/api/admin/users').expectError(503, 'DATABASE_UNAVAILABLE');
    await app.api
      .post('/api/admin/auth/login', { username: 'a', password: 'b' })
      .expectError(503, 'DATABASE_UNAVAILABLE');
  });
});

describe('the health of a server that needs attention', () => {
  it('is DEGRADED from a failed maintenance run until the next success', async () => {
    const app = await startTestApp();
    const operator = await app.signIn('operator');
    const rename = (from: string, to: string) =>
      app.nest.get(Database).transaction((tx) => tx.execute(`ALTER TABLE ${from} RENAME TO ${to}`));
    await rename('idempotency_keys', 'hidden');
    await operator.post('/api/admin/maintenance/run').expectOk();
    expect(await app.api.get('/health').expectOk<SystemHealth>()).toMatchObject({
      status: 'DEGRADED',
      database: { status: 'UP' },
      concerns: [{ code: 'SWEEP_FAILED', message: 'The last maintenance run failed: idempotency-keys.' }],
    });
    await rename('hidden', 'idempotency_keys');
    await app.runMaintenance();
    expect(await app.api.get('/health').expectOk<SystemHealth>()).toMatchObject({ status: 'UP' });
  });

  it('is DEGRADED from a failed backup until the next success', async () => {
    const place = await aStartedPlace('sqlite');
    const app = await startTestApp({ beside: place, config: { backupIntervalHours: 24 } });
    const operator = await app.signIn('operator');
    writeFileSync(join(app.folder, 'backups'), 'in the way');
    await operator.post('/api/admin/maintenance/run').expectOk();
    rmSync(join(app.folder, 'backups'));
    await app.runMaintenance();
    const concerns = [{ code: 'BACKUP_FAILED', message: 'The last scheduled backup failed.' }];
    expect(await app.api.get('/health').expectOk<SystemHealth>()).toMatchObject({ status: 'DEGRADED', concerns });
    app.clock.advance(3_600);
    await app.runMaintenance();
    expect(await app.api.get('/health').expectOk<SystemHealth>()).toMatchObject({ status: 'UP' });
  });
});

describe('the version of the server', () => {
  it('is public', async () => {
    const config = { version: '9.8.7', commit: 'abc123', buildTime: '2026-11-23T00:00:00Z' };
    const app = await startTestApp({ config });
    const version = await app.api.get('/api/system/version').expectOk<SystemVersion>();
    expect(version).toEqual({ name: 'opstage-ce', edition: 'ce', kind: 'checkout', ...config });
  });
});

const RUNTIME = '/api/admin/diagnostics/runtime';

describe('the diagnostics', () => {
  it('describe the process and its configuration, every setting by name', async () => {
    const app = await startTestApp({ config: { trustProxy: ['loopback'], publicBaseUrl: 'https://ops.example.org' } });
    const operator = await app.signIn('operator');
    const diagnostics = await operator.get(RUNTIME).expectOk<RuntimeDiagnostics>();
    expect(diagnostics).toEqual({
      version: {
        name: 'opstage-ce',
        version: '0.0.0-test',
        edition: 'ce',
        commit: null,
        buildTime: null,
        kind: 'checkout',
      },
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

  it('redact every secret', async () => {
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
