import { constants, copyFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { SystemClock } from '../common/clock.js';
import { errorCodeOf } from '../common/errors.js';
import type { AppConfig } from '../config/app-config.js';
import { existingStateOf } from '../database/open-database.js';
import { SqliteWorkers } from '../database/sqlite/sqlite-workers.js';
import { BackupFolder } from '../modules/backups/backup-folder.js';
import { BackupMaker, type MadeBackup } from '../modules/backups/backup-maker.js';
import { BackupsModule } from '../modules/backups/backups.module.js';
import { BackupsService } from '../modules/backups/backups.service.js';
import { readCommandConfig, withModules } from './server-context.js';
import { note, print, UserError } from './terminal.js';

const copyTo = async (file: string, target: string): Promise<void> => {
  try {
    await copyFile(file, target, constants.COPYFILE_EXCL);
  } catch (error) {
    if (errorCodeOf(error) !== 'EEXIST') throw error;
    throw new UserError(`${target} already exists. The backup itself is complete: ${file}`);
  }
};

const makeBackup = async (config: AppConfig): Promise<MadeBackup> => {
  if (config.database.kind === 'postgres') {
    throw new UserError('This installation stores its data in PostgreSQL; back it up with pg_dump.');
  }
  if (existingStateOf(config) === 'outdated') return copyAsItIs(config);
  return withModules([BackupsModule], (app) => app.get(BackupsService).createOnHost(), { config });
};

/** Copies a database with an older schema, which stays as it is: before an upgrade is when a backup is wanted most. */
const copyAsItIs = async (config: AppConfig): Promise<MadeBackup> => {
  note('The database has an older schema. It is copied as it is, without an audit event.');
  const clock = new SystemClock();
  const workers = new SqliteWorkers(config.database.file);
  const db = { copyTo: (to: string) => workers.copy(to) };
  const maker = new BackupMaker(db, new BackupFolder(config, clock), clock);
  const made = await maker.create('host').finally(() => workers.close());
  const { fault } = made.record.proof;
  if (fault !== null) throw new UserError(`The copy of the database is not sound. ${fault}`);
  return made;
};

const backUp = async ({ out }: { readonly out?: string }): Promise<void> => {
  const { record, file } = await makeBackup(readCommandConfig());
  const target = out === undefined ? file : resolve(out);
  if (target !== file) await copyTo(file, target);
  const rows = Object.values(record.proof.rowCounts).reduce((sum, count) => sum + count, 0);
  print(target, `${record.sizeBytes} bytes, ${rows} rows; reopened and verified.`);
};

/** `opstage backup`: makes a consistent copy of the database, whether or not the server is running. */
export const backupCommand = (): Command =>
  new Command('backup')
    .description('copy the SQLite database to the backup folder and verify the copy')
    .option('--out <file>', 'also write a copy to this file')
    .action(backUp);
