import { SystemClock } from '../../../common/clock.js';
import type { AppConfig } from '../../../config/app-config.js';
import type { Database } from '../../../database/database.js';
import type { AuditIntegrityService } from '../../audit/integrity/audit-integrity.service.js';
import type { BackupsService } from '../../backups/backups.service.js';
import { ChangeFeed } from '../../changes/change-feed.js';
import type { MaintenanceService } from '../../maintenance/maintenance.service.js';
import type { SettingsService } from '../../settings/settings.service.js';
import { concernsOf, SystemHealthService } from './system-health.service.js';

const healthWith = (ping: () => Promise<number>) => {
  const database = { kind: 'postgres', ping, writes: { oldestWaitSeconds: 0 } } as Database;
  const config = { version: '1.0.0', dataDir: '/no/such/folder' } as AppConfig;
  const maintenance = {
    failedJobs: () => Promise.resolve([]),
    clockConcern: () => null,
  } as unknown as MaintenanceService;
  const backups = { hasFailed: false } as BackupsService;
  const settings = { refused: [] as readonly string[] } as SettingsService;
  const integrity = { fault: null } as AuditIntegrityService;
  const parts = [settings, integrity, new ChangeFeed()] as const;
  return new SystemHealthService(database, config, new SystemClock(), maintenance, backups, ...parts).health();
};

describe('SystemHealthService', () => {
  it('rounds the latency to microseconds', async () => {
    const { database, status } = await healthWith(() => Promise.resolve(1.234_567));
    expect(database).toEqual({ status: 'UP', kind: 'postgres', latencyMs: 1.235 });
    expect(status).toBe('UP');
  });

  it('gives up on a database that neither responds nor refuses', async () => {
    jest.useFakeTimers();
    const health = expect(healthWith(() => new Promise(() => undefined))).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      details: { status: 'DOWN' },
    });
    await jest.advanceTimersByTimeAsync(2_000);
    await health;
    jest.useRealTimers();
  });
});

describe('health concerns', () => {
  type Figures = Parameters<typeof concernsOf>[0];

  const WELL: Figures = {
    oldestWriteSeconds: 0.2,
    freeBytes: 10_000_000_000,
    failedJobs: [],
    backupFailed: false,
    invalidSettings: [],
    auditBroken: false,
    hearsReplicas: true,
    clock: null,
  };

  const codesOf = (figures: Partial<Figures>): string[] => concernsOf({ ...WELL, ...figures }).map(({ code }) => code);

  it('are empty when all is well, even if the free disk space is unknown', () => {
    expect(codesOf({})).toEqual([]);
    expect(codesOf({ freeBytes: null })).toEqual([]);
  });

  it.each([
    ['WRITES_STUCK', { oldestWriteSeconds: 5.1 }],
    ['DISK_NEARLY_FULL', { freeBytes: 268_435_455 }],
    ['CHANGES_NOT_HEARD', { hearsReplicas: false }],
    ['SWEEP_FAILED', { failedJobs: ['audit'] }],
    ['BACKUP_FAILED', { backupFailed: true }],
    ['SETTING_INVALID', { invalidSettings: ['maintenance.auditRetentionDays'] }],
    ['AUDIT_BROKEN', { auditBroken: true }],
    ['CLOCK_JUMPED', { clock: 'It jumped.' }],
  ])('include only %s', (code, figures) => {
    expect(codesOf(figures)).toEqual([code]);
  });
});
