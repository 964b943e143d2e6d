import type { KeyPart } from '../../core/i18n/text-key';
import type { IconName } from '../../core/icons/icons';

export type Tone = 'good' | 'warning' | 'bad' | 'offline' | 'busy';

export interface StatusLook {
  readonly tone: Tone;
  readonly icon: IconName;
}

/** A status that has a text of its own. */
export type StatusName = KeyPart<'status.'>;

const ICON_WORDS: readonly (readonly [Tone, IconName, readonly StatusName[]])[] = [
  // Statuses of this server.
  ['good', 'check', ['ONLINE', 'HEALTHY', 'UP', 'SUCCEEDED', 'SUCCESS', 'ACTIVE']],
  ['busy', 'hourglass', ['PENDING']],
  ['busy', 'play', ['RUNNING']],
  ['warning', 'warning', ['DEGRADED', 'MEDIUM']],
  ['warning', 'schedule', ['STALE', 'EXPIRED']],
  ['bad', 'error', ['UNHEALTHY', 'DOWN', 'FAILED', 'FAILURE']],
  ['bad', 'warning', ['HIGH']],
  ['bad', 'block', ['REVOKED']],
  ['offline', 'block', ['DISABLED', 'CANCELLED']],
  ['offline', 'cloud-off', ['OFFLINE', 'RETIRED']],
  ['offline', 'check', ['USED', 'LOW']],
  ['offline', 'help', ['UNKNOWN']],
  // Common statuses of services' own things.
  ['good', 'check', ['OK', 'READY', 'AVAILABLE', 'ENABLED', 'CONNECTED', 'DONE', 'COMPLETED', 'PASSED', 'IN_STOCK']],
  ['busy', 'info', ['NOTICE']],
  ['busy', 'hourglass', ['WAITING', 'QUEUED', 'STARTING']],
  ['busy', 'play', ['BUSY', 'IN_PROGRESS', 'PROCESSING']],
  ['warning', 'warning', ['WARNING', 'LOW_STOCK']],
  ['bad', 'error', ['CRITICAL', 'ERROR', 'UNAVAILABLE', 'OUT_OF_STOCK']],
  ['bad', 'block', ['BLOCKED', 'REJECTED']],
  ['offline', 'block', ['STOPPED', 'PAUSED', 'SKIPPED', 'CLOSED']],
  ['offline', 'cloud-off', ['DISCONNECTED', 'ARCHIVED']],
  ['offline', 'schedule', ['IDLE']],
];

const LOOKS: ReadonlyMap<StatusName | '', StatusLook> = new Map(
  ICON_WORDS.flatMap(([tone, icon, words]) => words.map((word) => [word, { tone, icon }] as const)),
);

/** Every status that has a text of its own. */
export const KNOWN_STATUSES: readonly StatusName[] = ICON_WORDS.flatMap(([, , words]) => words);

/** The known status for a word, whatever its spelling: `in stock` is `IN_STOCK`; null when unknown. */
export const knownStatus = (word: string): StatusName | null => {
  const status = word
    .trim()
    .toUpperCase()
    .replace(/[\s-]+/g, '_');
  return KNOWN_STATUSES.find((known) => known === status) ?? null;
};

/** The look of a status; unknown ones look like `UNKNOWN`. */
export const lookOf = (status: StatusName | null): StatusLook =>
  LOOKS.get(status ?? '') ?? { tone: 'offline', icon: 'help' };
