import type { IconName } from '../../core/icons/icons';

export type Tone = 'good' | 'warning' | 'bad' | 'offline' | 'busy';

export interface StatusLook {
  readonly tone: Tone;
  readonly icon: IconName;
}

const ICON_WORDS: readonly (readonly [Tone, IconName, readonly string[]])[] = [
  // What this server says, of all kinds of things.
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
  // What services say of their own things, as far as it is common.
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

const LOOKS: ReadonlyMap<string, StatusLook> = new Map(
  ICON_WORDS.flatMap(([tone, icon, words]) => words.map((word) => [word, { tone, icon }] as const)),
);

/** Every status that has a text of its own. */
export const KNOWN_STATUSES: readonly string[] = [...LOOKS.keys()];

/** The status a word is known as, however it is written: `in stock` is `IN_STOCK`; null for one that is not known. */
export const knownStatus = (word: string): string | null => {
  const status = word
    .trim()
    .toUpperCase()
    .replace(/[\s-]+/g, '_');
  return LOOKS.has(status) ? status : null;
};

/** What a known status looks like; one that is not known looks like nobody knows. */
export const lookOf = (status: string | null): StatusLook =>
  LOOKS.get(status ?? '') ?? { tone: 'offline', icon: 'help' };
