import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackupOrigin } from '#contracts';
import { FakeClock } from '../../../test/support/fake-clock.js';
import type { AppConfig } from '../../config/app-config.js';
import { BackupFolder, type BackupRecord } from './backup-folder.js';

const HOUR_MS = 3_600_000;

describe('BackupFolder', () => {
  let backupDir: string;
  let folder: BackupFolder;
  let made: number;

  beforeEach(() => {
    backupDir = mkdtempSync(join(tmpdir(), 'opstage-backups-'));
    folder = new BackupFolder({ backupDir } as AppConfig, new FakeClock());
    made = 0;
  });

  afterEach(() => {
    rmSync(backupDir, { recursive: true });
  });

  /** Makes a backup an hour after the previous one; downloads leave no file. */
  const make = async (origin: BackupOrigin, isProven = true): Promise<string> => {
    made += 1;
    const madeAt = new Date(made * HOUR_MS).toISOString();
    const fileName = `opstage-${madeAt.replace(/[:.]/g, '-')}.db`;
    const proof = { proven: isProven, provenAt: madeAt, fault: null, schema: null, rowCounts: {} };
    const record: BackupRecord = { fileName, origin, madeAt, sizeBytes: 1, proof };
    if (origin !== 'download') writeFileSync(join(backupDir, fileName), 'x');
    await folder.saveRecord(record);
    return fileName;
  };

  const copies = (): string[] =>
    readdirSync(backupDir)
      .filter((name) => name.endsWith('.db'))
      .sort();

  it('keeps the newest scheduled backups however many downloads came between, and all manual ones', async () => {
    const manual = await make('host');
    const scheduled: string[] = [];
    for (let day = 0; day < 10; day += 1) {
      scheduled.push(await make('schedule'));
      for (let i = 0; i < 23; i += 1) await make('download');
    }
    await folder.prune(7);
    expect(copies()).toEqual([manual, ...scheduled.slice(-7)]);
  });

  it('lists fifty, and finds the newest scheduled one beyond them', async () => {
    const scheduled = await make('schedule');
    for (let i = 0; i < 60; i += 1) await make('download');
    expect(await folder.list()).toHaveLength(50);
    expect(await folder.listScheduled()).toMatchObject([{ fileName: scheduled, kept: true }]);
  });

  it('keeps one unproven backup besides the proven ones', async () => {
    const names = [];
    for (const isProven of [true, false, true, false]) names.push(await make('schedule', isProven));
    await folder.prune(1);
    expect(copies()).toEqual(names.slice(-2));
  });
});
