import { CreateSchema1790000000000 } from './1790000000000-create-schema.js';
import { AddRetentionAnnouncements1790010000505 } from './1790010000505-add-retention-announcements.js';
import { KeepWarnings1790010000606 } from './1790010000606-keep-warnings.js';
import { AddSessionConfirmations1790010010505 } from './1790010010505-add-session-confirmations.js';
import { AddAgentMarks1790010020505 } from './1790010020505-add-agent-marks.js';
import { AddLeftOutToHealthReports1790020000202 } from './1790020000202-add-left-out-to-health-reports.js';
import { AddEnrolmentKeys1790020000707 } from './1790020000707-add-enrolment-keys.js';
import { AddJournaledClaims1790020010303 } from './1790020010303-add-journaled-claims.js';

/** In the order they run. One that has been released is never edited. */
export const migrations = [
  CreateSchema1790000000000,
  AddRetentionAnnouncements1790010000505,
  KeepWarnings1790010000606,
  AddSessionConfirmations1790010010505,
  AddAgentMarks1790010020505,
  AddLeftOutToHealthReports1790020000202,
  AddEnrolmentKeys1790020000707,
  AddJournaledClaims1790020010303,
];

/** What previews of 0.1.0 recorded step by step, and {@link CreateSchema1790000000000} now does at once. */
const SQUASHED: readonly string[] = [
  'AddHealthSince1790000100000',
  'AddCommandProgress1790000300000',
  'AddIdempotencyKeys1790000310000',
  'AddLeases1790000320000',
  'IndexCommandsByStatusAndTime1790000325000',
  'AddAuditSeals1790000500000',
  'AddJobRuns1790002000000',
  'AddSignInLimits1790004000000',
  'AddPasskeys1790005000000',
  'AddAgentTokenRetirement1790006000000',
];

const CREATE_SCHEMA = CreateSchema1790000000000.name;
const KNOWN: ReadonlySet<string> = new Set([...migrations.map(({ name }) => name), ...SQUASHED]);

/** Of the migrations that a database recorded, those that this version does not know. */
export const unknownMigrations = (recorded: readonly string[]): string[] => recorded.filter((name) => !KNOWN.has(name));

/** Of the migrations of this version, how many a database has yet to run. */
export const pendingMigrations = (recorded: readonly string[]): number =>
  migrations.filter(({ name }) => !recorded.includes(name)).length;

/**
 * Whether a preview of 0.1.0 made the database and the last preview never completed its schema: nothing of this version
 * can.
 */
export const isUnfinishedPreview = (recorded: readonly string[], hasPasskeys: boolean): boolean => {
  if (!recorded.includes(CREATE_SCHEMA)) return false;
  // The first preview recorded the same single name as this version, and had no table of passkeys.
  if (!SQUASHED.some((name) => recorded.includes(name))) return !hasPasskeys;
  return !SQUASHED.every((name) => recorded.includes(name));
};

/** What to do about {@link isUnfinishedPreview}. */
export const UNFINISHED_PREVIEW =
  'It was made by an early preview of Opstage CE 0.1.0, and its schema is incomplete. Start the last preview once with it, which completes the schema; then start this version.';
