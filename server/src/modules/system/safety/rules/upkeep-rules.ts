import type { SafetyFinding } from '#contracts';
import { pluralize, finding, unknown } from '../finding.js';
import type { SafetyFacts } from '../safety-facts.js';

const MAX_BACKUP_AGE_HOURS = 24;
/** A scheduled one is made a little after it is due. */
const GRACE_HOURS = 1;
const FEW_DAYS = 30;
const ENOUGH_DAYS = 90;

/** Whether there is a proven backup, kept here, that is not too old. */
export const backups = ({ config, backupAgeHours: hours }: SafetyFacts): SafetyFinding => {
  if (config.database.kind === 'postgres') {
    return finding('backups', {
      status: 'UNKNOWN',
      situation: 'postgres',
      found: 'PostgreSQL is not backed up by this program.',
      whatToDo: 'See to it with its own tools.',
    });
  }
  if (hours === null) return unknown('backups');
  if (hours === 'none') {
    return finding('backups', {
      status: 'CRITICAL',
      situation: 'none',
      found: 'There is no proven backup.',
      whatToDo: '`opstage backup` makes one; OPSTAGE_BACKUP_INTERVAL_HOURS has it made regularly.',
    });
  }
  const found = `The newest proven backup is ${pluralize(hours, 'hour')} old.`;
  return hours > MAX_BACKUP_AGE_HOURS + GRACE_HOURS
    ? finding('backups', {
        status: 'CRITICAL',
        situation: 'old',
        found,
        values: { hours },
        whatToDo: '`opstage backup` makes one; see in the log why none was made.',
      })
    : finding('backups', { status: 'OK', situation: 'fresh', found, values: { hours } });
};

/** Whether the audit goes back far enough. */
export const auditRetention = ({ auditRetentionDays: days }: SafetyFacts): SafetyFinding => {
  if (days === null) return unknown('audit-retention');
  if (days === 0) {
    return finding('audit-retention', { status: 'OK', situation: 'forever', found: 'Audit events are kept for ever.' });
  }
  const found = `Audit events are kept for ${pluralize(days, 'day')}.`;
  const whatToDo = `Keep them for ${ENOUGH_DAYS} days or more, or have them copied elsewhere with OPSTAGE_AUDIT_STREAM.`;
  const values = { days };
  if (days < FEW_DAYS)
    return finding('audit-retention', { status: 'WARNING', situation: 'short', found, values, whatToDo });
  if (days < ENOUGH_DAYS) {
    return finding('audit-retention', { status: 'NOTICE', situation: 'medium', found, values, whatToDo });
  }
  return finding('audit-retention', { status: 'OK', situation: 'long', found, values });
};

/** Whether the database is of this version. */
export const pendingMigrations = ({ migrations }: SafetyFacts): SafetyFinding => {
  if (!migrations) return unknown('migrations');
  const { pending, unknown: newer } = migrations;
  if (newer > 0) {
    return finding('migrations', {
      status: 'CRITICAL',
      situation: 'newer',
      found: 'The database is of a newer version than this program.',
      values: { count: newer },
      whatToDo: 'Use the newer version.',
    });
  }
  return pending > 0
    ? finding('migrations', {
        status: 'WARNING',
        situation: 'pending',
        found: `${pluralize(pending, 'migration')} pending.`,
        values: { count: pending },
        whatToDo: 'The next start of the server runs them, after a copy of the database.',
      })
    : finding('migrations', { status: 'OK', situation: 'current', found: 'The schema is up to date.' });
};
