import type { SafetyFinding } from '#contracts';
import { pluralize, finding, unknown } from '../finding.js';
import type { SafetyFacts } from '../safety-facts.js';

const MAX_BACKUP_AGE_HOURS = 24;
/** Scheduled backups are made a little after they are due. */
const GRACE_HOURS = 1;
const FEW_DAYS = 30;
const ENOUGH_DAYS = 90;

/** Whether this machine keeps a proven backup that is not too old. */
export const backups = ({ config, backupAgeHours: hours }: SafetyFacts): SafetyFinding => {
  if (config.database.kind === 'postgres') {
    return finding('backups', {
      status: 'UNKNOWN',
      situation: 'postgres',
      found: 'Opstage does not back up PostgreSQL.',
      whatToDo: 'Back it up with PostgreSQL’s own tools.',
    });
  }
  if (hours === null) return unknown('backups');
  if (hours === 'none') {
    return finding('backups', {
      status: 'CRITICAL',
      situation: 'none',
      found: 'There is no proven backup.',
      whatToDo: 'Run `opstage backup` now, and set OPSTAGE_BACKUP_INTERVAL_HOURS to back up regularly.',
    });
  }
  const found = `The newest proven backup is ${pluralize(hours, 'hour')} old.`;
  return hours > MAX_BACKUP_AGE_HOURS + GRACE_HOURS
    ? finding('backups', {
        status: 'CRITICAL',
        situation: 'old',
        found,
        values: { hours },
        whatToDo: 'Run `opstage backup` now, and check the log for why no backup was made.',
      })
    : finding('backups', { status: 'OK', situation: 'fresh', found, values: { hours } });
};

/** Whether audit events are kept long enough. */
export const auditRetention = ({ auditRetentionDays: days }: SafetyFacts): SafetyFinding => {
  if (days === null) return unknown('audit-retention');
  if (days === 0) {
    return finding('audit-retention', { status: 'OK', situation: 'forever', found: 'Audit events are kept forever.' });
  }
  const found = `Audit events are kept for ${pluralize(days, 'day')}.`;
  const whatToDo = `Keep them for at least ${ENOUGH_DAYS} days, or copy them elsewhere with OPSTAGE_AUDIT_STREAM.`;
  const values = { days };
  if (days < FEW_DAYS)
    return finding('audit-retention', { status: 'WARNING', situation: 'short', found, values, whatToDo });
  if (days < ENOUGH_DAYS) {
    return finding('audit-retention', { status: 'NOTICE', situation: 'medium', found, values, whatToDo });
  }
  return finding('audit-retention', { status: 'OK', situation: 'long', found, values });
};

/** Whether the audit is as it was sealed, and nothing in the database can silence it. */
export const auditIntegrity = ({ auditIntegrity: known }: SafetyFacts): SafetyFinding => {
  if (!known) return unknown('audit-integrity');
  if (known.foreignObjects.length > 0) {
    const objects = known.foreignObjects.join(', ');
    return finding('audit-integrity', {
      status: 'CRITICAL',
      situation: 'objects',
      found: `The database has objects that are not part of Opstage CE: ${objects}.`,
      values: { objects },
      whatToDo: 'Find out who created them, and drop them: they can keep events out of the audit.',
    });
  }
  if (known.verification === 'broken') {
    return finding('audit-integrity', {
      status: 'CRITICAL',
      situation: 'broken',
      found: 'The last verification of the audit failed.',
      whatToDo: 'Verify the audit on its page to see what differs, and keep a copy of the database as evidence.',
    });
  }
  return known.verification === 'sound'
    ? finding('audit-integrity', { status: 'OK', situation: 'sound', found: 'The audit is as it was sealed.' })
    : finding('audit-integrity', {
        status: 'UNKNOWN',
        situation: 'unverified',
        found: 'The audit has not been verified yet.',
        whatToDo: 'Wait for the next maintenance run, or verify it on its page.',
      });
};

/** Whether the database has the version of the program. */
export const pendingMigrations = ({ migrations }: SafetyFacts): SafetyFinding => {
  if (!migrations) return unknown('migrations');
  const { pending, unknown: newer } = migrations;
  if (newer > 0) {
    return finding('migrations', {
      status: 'CRITICAL',
      situation: 'newer',
      found: 'The database is from a newer version than this program.',
      values: { count: newer },
      whatToDo: 'Upgrade the program to the newer version.',
    });
  }
  return pending > 0
    ? finding('migrations', {
        status: 'WARNING',
        situation: 'pending',
        found: `${pluralize(pending, 'migration')} pending.`,
        values: { count: pending },
        whatToDo: 'Restart the server: it copies the database, then runs them.',
      })
    : finding('migrations', { status: 'OK', situation: 'current', found: 'The schema is up to date.' });
};
