import { SystemClock } from '../../common/time/clock.js';
import type { AppConfig } from '../../config/app-config.js';
import { BackupFolder } from '../../modules/backups/backup-folder.js';
import { fault, ok, warning, type Check } from './check.js';

const HOUR_MS = 3_600_000;
const MAX_AGE_HOURS = 24;
/** A scheduled one is made a little after it is due. */
const GRACE_HOURS = 1;

/** Whether there is a proven backup, kept here, that is not too old. */
export const checkBackups = async (config: AppConfig, now: Date): Promise<Check> => {
  if (config.database.kind === 'postgres')
    return warning('PostgreSQL is not backed up by this program.', 'See to it with its own tools.');
  const backups = await new BackupFolder(config, new SystemClock()).list();
  const newest = backups.find(({ proof, kept }) => proof.proven && kept);
  if (!newest) return fault('There is no proven backup.', '`opstage backup` makes one.');
  const ageHours = Math.floor((now.getTime() - Date.parse(newest.madeAt)) / HOUR_MS);
  const found = `The newest proven backup is ${ageHours} hours old.`;
  return ageHours > MAX_AGE_HOURS + GRACE_HOURS
    ? fault(found, '`opstage backup` makes one; see why none was made.')
    : ok(found);
};
