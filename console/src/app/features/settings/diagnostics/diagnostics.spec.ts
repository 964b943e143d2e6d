import type { RuntimeDiagnostics } from '#contracts';
import { refreshed, visit } from '../../../../testing/visit';
import { settingsRoutes } from '../settings.routes';

const DIAGNOSTICS = '/api/admin/diagnostics/runtime';

const someDiagnostics = (overrides: Partial<RuntimeDiagnostics> = {}): RuntimeDiagnostics => ({
  version: { name: 'opstage-ce', version: '1.4.0', edition: 'ce', commit: null, buildTime: null, kind: 'release' },
  node: { version: 'v24.21.0', platform: 'linux', arch: 'x64', pid: 42 },
  uptimeSeconds: 7_265,
  memory: { rssBytes: 104_857_600, heapUsedBytes: 1_048_576, heapTotalBytes: 2_097_152 },
  database: { kind: 'sqlite', sizeBytes: 5_242_880 },
  configuration: {},
  ...overrides,
});

const open = () => visit('/settings/diagnostics', [{ path: 'settings', children: settingsRoutes }], 'operator');

describe('Diagnostics', () => {
  it('is a skeleton until they are there', async () => {
    const { backend, screen } = await open();
    expect(screen.all('ops-skeleton')).toHaveLength(1);
    await backend.answer(DIAGNOSTICS, someDiagnostics());
    expect(screen.all('ops-skeleton')).toHaveLength(0);
  });

  it('tells what runs, for how long, and how much it holds', async () => {
    const { backend, screen } = await open();
    await backend.answer(DIAGNOSTICS, someDiagnostics());
    expect(screen.texts('dd')).toEqual([
      '1.4.0',
      'v24.21.0 · linux · x64',
      '42',
      '2 hr 1 min',
      '104.9 MB',
      '1 MB / 2.1 MB',
      'SQLite',
      '5.2 MB',
    ]);
  });

  it('does not make up a size the database does not tell', async () => {
    const { backend, screen } = await open();
    await backend.answer(DIAGNOSTICS, someDiagnostics({ database: { kind: 'postgres', sizeBytes: null } }));
    expect(screen.texts('dd').slice(-2)).toEqual(['PostgreSQL', '–']);
  });

  it('lists the configuration, and tells not set from 0 and false', async () => {
    const { backend, screen } = await open();
    const configuration = { OPSTAGE_PORT: 0, OPSTAGE_TRUST_PROXY: false, OPSTAGE_PUBLIC_BASE_URL: null };
    await backend.answer(DIAGNOSTICS, someDiagnostics({ configuration }));
    expect(screen.texts('tbody tr')).toEqual([
      'OPSTAGE_PORT0',
      'OPSTAGE_TRUST_PROXYfalse',
      'OPSTAGE_PUBLIC_BASE_URLnot set',
    ]);
  });

  it('says what failed and tries again', async () => {
    const { backend, screen } = await open();
    await backend.refuse(DIAGNOSTICS, 'INTERNAL_ERROR', { message: 'It broke.' });
    expect(screen.one('[role=alert]').textContent).toContain('It broke.');
    expect(screen.one('[role=alert]').textContent).toContain('req-1');
    await screen.click('Try again');
    await backend.answer(DIAGNOSTICS, someDiagnostics());
    expect(screen.text).toContain('v24.21.0');
  });

  it('is read again as time goes by', async () => {
    const { backend, screen } = await open();
    await backend.answer(DIAGNOSTICS, someDiagnostics());
    await refreshed();
    await backend.answer(DIAGNOSTICS, someDiagnostics({ uptimeSeconds: 7_325 }));
    expect(screen.text).toContain('2 hr 2 min');
  });
});
