import type { SafetyCheckId, SafetyDetail, SafetyFinding, SafetyStatus } from '#contracts';
import type { Listing } from './safety-facts.js';

const WHY: Readonly<Record<SafetyCheckId, string>> = {
  'secret-strength': 'Anyone who guesses the secret can forge sessions and read what is encrypted for agents.',
  'secret-age': 'The longer a secret is in use, the more people, backups and logs may have seen it.',
  'bootstrap-password':
    'Others can read the initial password in the environment, in a file or in the output of the first start.',
  'session-cookie':
    'A cookie that is not Secure is also sent over plain HTTP, where anyone on the network path can take over the session.',
  'proxy-headers':
    'These headers decide which address is audited and rate-limited, and whether a request counts as HTTPS.',
  https: 'Without HTTPS, passwords, sessions and tokens cross the network unencrypted.',
  exposure: 'Anyone who can reach a port can attack what is behind it.',
  'registration-tokens': 'Anyone who finds a registration token can enrol their own agent.',
  'agent-tokens':
    'Anyone who finds an agent’s token can receive its commands and report results in its name until the token is changed.',
  'dangerous-actions': 'One wrong click is enough to run them.',
  'exposed-secrets': 'Their values are stored unencrypted and shown to everyone who can sign in.',
  backups: 'If the disk fails, everything since the last backup is lost.',
  'audit-retention':
    'A break-in is often noticed only after weeks; events deleted by then cannot help to investigate it.',
  'audit-integrity':
    'An audit that somebody changed proves nothing, and whoever changed it had access to the database.',
  migrations: 'The program works only with a database of its own version.',
};

interface FindingParts {
  readonly status: SafetyStatus;
  readonly situation: string;
  readonly found: string;
  readonly whatToDo?: string;
  readonly values?: SafetyFinding['values'];
  readonly details?: readonly SafetyDetail[];
}

/** Builds a finding, with why it matters. */
export const finding = (
  id: SafetyCheckId,
  { values = {}, whatToDo, details, ...rest }: FindingParts,
): SafetyFinding => ({
  id,
  ...rest,
  values,
  whyItMatters: WHY[id],
  whatToDo: whatToDo ?? null,
  ...(details !== undefined && details.length > 0 && { details }),
});

/** The finding of a check whose facts could not be read. */
export const unknown = (id: SafetyCheckId): SafetyFinding =>
  finding(id, {
    status: 'UNKNOWN',
    situation: 'unreadable',
    found: 'This could not be checked.',
    whatToDo: 'Check that the database and the data directory are readable; the log has details.',
  });

/** `1 token`, `3 tokens`. */
export const pluralize = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;

interface Listed {
  readonly status: SafetyStatus;
  readonly situation: string;
  readonly found: (count: number) => string;
  readonly whatToDo: string;
}

/** A finding about the things in a listing; null when it is empty. */
export const listed = (id: SafetyCheckId, { count, first }: Listing, about: Listed): SafetyFinding | null =>
  count === 0 ? null : finding(id, { ...about, found: about.found(count), values: { count }, details: first });
