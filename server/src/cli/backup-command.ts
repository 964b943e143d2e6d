import { constants, copyFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { errorCodeOf } from '../common/errors.js';
import { BackupsModule } from '../modules/backups/backups.module.js';
import { BackupsService } from '../modules/backups/backups.service.js';
import { withModules } from './server-context.js';
import { UserError, print } from './terminal.js';

const copyTo = async (file: string, target: string): Promise<void> => {
  try {
    await copyFile(file, target, constants.COPYFILE_EXCL);
  } catch (error) {
    if (errorCodeOf(error) !== 'EEXIST') throw error;
    throw new UserError(`${target} already exists. The backup itself is complete: ${file}`);
  }
};

const backUp = async ({ out }: { readonly out?: string }): Promise<void> => {
  const { record, file } = await withModules([BackupsModule], (app) => app.get(BackupsService).createOnHost());
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
