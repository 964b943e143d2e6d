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
    throw new UserError(`${target} is there already. The backup was made all the same: ${file}`);
  }
};

const backUp = async ({ out }: { readonly out?: string }): Promise<void> => {
  const { record, file } = await withModules([BackupsModule], (app) => app.get(BackupsService).createOnHost());
  const target = out === undefined ? file : resolve(out);
  if (target !== file) await copyTo(file, target);
  const rows = Object.values(record.proof.rowCounts).reduce((sum, count) => sum + count, 0);
  print(target, `${record.sizeBytes} bytes, ${rows} rows, opened again and found sound.`);
};

/** `opstage backup`: a consistent copy of the database, while the server runs or not. */
export const backupCommand = (): Command =>
  new Command('backup')
    .description('copy the SQLite database into the backup folder and prove the copy')
    .option('--out <file>', 'put a copy of it there too')
    .action(backUp);
