import type { SafetyCheckId, SafetyDetail, SafetyFinding, SafetyStatus } from '#contracts';
import type { Listing } from './safety-facts.js';

const WHY: Readonly<Record<SafetyCheckId, string>> = {
  'secret-strength': 'Who guesses the secret can forge sessions, and open what is sealed for agents.',
  'secret-age': 'The longer a secret is in use, the more people, backups and logs may have seen it.',
  'bootstrap-password':
    'The first password stands in an environment, a file or the output of the first start, for others to read.',
  'session-cookie':
    'A cookie that is not Secure is sent by plain HTTP too, where anybody on the way can take the session over.',
  'proxy-headers': 'By them goes whose address stands in the audit, who is slowed down, and what counts as HTTPS.',
  https: 'Without HTTPS passwords, sessions and tokens cross the network in the clear.',
  exposure: 'Whoever reaches a port can try what is behind it.',
  'registration-tokens': 'Who finds a registration token can enrol an agent of their own.',
  'agent-tokens':
    'Who finds an agent’s token takes its commands, and answers in its place, until the token is changed.',
  'dangerous-actions': 'A slip of the hand is enough to run them.',
  'exposed-secrets': 'Their values are stored as they are, and shown to everybody who may sign in.',
  backups: 'What came after the last backup is lost with the disk.',
  'audit-retention': 'A break-in is often noticed after weeks; what is deleted by then tells nothing.',
  migrations: 'A program and a database of different versions do not fit each other.',
};

interface Found {
  readonly status: SafetyStatus;
  readonly situation: string;
  readonly found: string;
  readonly whatToDo?: string;
  readonly values?: SafetyFinding['values'];
  readonly details?: readonly SafetyDetail[];
}

/** What a check found, with why it matters. */
export const finding = (id: SafetyCheckId, { values = {}, whatToDo, details, ...rest }: Found): SafetyFinding => ({
  id,
  ...rest,
  values,
  whyItMatters: WHY[id],
  whatToDo: whatToDo ?? null,
  ...(details !== undefined && details.length > 0 && { details }),
});

/** It could not be found out. */
export const unknown = (id: SafetyCheckId): SafetyFinding =>
  finding(id, {
    status: 'UNKNOWN',
    situation: 'unreadable',
    found: 'This could not be found out.',
    whatToDo: 'See whether the database and the data directory can be read; the log says more.',
  });

/** `1 token`, `3 tokens`. */
export const pluralize = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;

interface Listed {
  readonly status: SafetyStatus;
  readonly situation: string;
  readonly found: (count: number) => string;
  readonly whatToDo: string;
}

/** A finding about the things of a listing; null when there are none. */
export const listed = (id: SafetyCheckId, { count, first }: Listing, about: Listed): SafetyFinding | null =>
  count === 0 ? null : finding(id, { ...about, found: about.found(count), values: { count }, details: first });
