import type { AuditTargetType, DatabaseKind, SafetyDetail } from '#contracts';
import { isSecretKey } from '../../../common/redaction.js';
import type { AppConfig } from '../../../config/app-config.js';
import { findForeignObjects } from '../../../database/foreign-objects.js';
import { pendingMigrations, unknownMigrations } from '../../../database/migrations/index.js';
import type { SqlParameters } from '../../../database/sql/named-parameters.js';
import type { RequestsSeen } from '../../../http/request-stats.js';
import { VERIFICATION_JOB } from '../../audit/integrity/audit-integrity.service.js';
import { UpdateMaintenanceSettingsBody } from '../../settings/dto/maintenance-settings.dto.js';
import { readStoredParts } from '../../settings/stored-parts.js';

/** The number of things of a kind, and the first ten of them. */
export interface Listing {
  readonly count: number;
  readonly first: readonly SafetyDetail[];
}

/** What is known about the audit: the last verification, and what in the database could silence it. */
export interface AuditIntegrity {
  readonly verification: 'sound' | 'broken' | 'none';
  /** Such as `trigger quiet`. */
  readonly foreignObjects: readonly string[];
}

/** Facts from the database and from files; each is null when it could not be read. */
export interface StoredFacts {
  /** The first active owner; `none` when there is no owner. */
  readonly owner: { readonly id: string; readonly username: string; readonly isBootstrap: boolean } | 'none' | null;
  readonly tokensWithoutExpiry: Listing | null;
  readonly unusedTokens: Listing | null;
  readonly oldAgentTokens: Listing | null;
  readonly unconfirmedActions: Listing | null;
  readonly exposedItems: Listing | null;
  /** 0 keeps everything. */
  readonly auditRetentionDays: number | null;
  readonly auditIntegrity: AuditIntegrity | null;
  readonly migrations: { readonly pending: number; readonly unknown: number } | null;
  /** Age of the newest proven backup that is kept; `none` without one. */
  readonly backupAgeHours: number | 'none' | null;
}

/** The input of the rules. */
export interface SafetyFacts extends StoredFacts {
  readonly config: AppConfig;
  /** Null for a secret that is not stored in the data directory. */
  readonly secretAgeDays: number | null;
  /** Null outside a running server. */
  readonly traffic: RequestsSeen | null;
}

/** Registration tokens unused for longer count as forgotten. */
export const MAX_UNUSED_DAYS = 7;
/** Agent tokens older than this should be changed. */
export const MAX_AGENT_TOKEN_AGE_DAYS = 180;

/** Words in a key that may name a secret. Keys that certainly do are masked when they are reported, unless an earlier version stored them. */
const SUSPECT_WORDS = new Set(
  'auth certificate conn connection creds dsn hmac jwt key keys otp pass passcode pin private psk pw salt sas seed session signature ssh sso webhook'.split(
    ' ',
  ),
);
/** Words that indicate something harmless after all. */
const HARMLESS_WORDS = new Set(
  'algorithm attempts bytes count days delay enabled host idle interval length level limit max min minutes mode ms name path policy pool port provider public retries retry seconds size timeout ttl type version'.split(
    ' ',
  ),
);

const wordsOf = (key: string): string[] =>
  key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);

/** Whether a person should check if the value of this key is secret. */
export const looksLikeSecret = (key: string): boolean => {
  const words = wordsOf(key);
  if (isSecretKey(key)) return true;
  return words.some((word) => SUSPECT_WORDS.has(word)) && !words.some((word) => HARMLESS_WORDS.has(word));
};

/** Runs a SELECT. `opstage doctor` also runs it on older schemas, so it must work on every version. */
export type RunQuery = <R>(text: string, parameters?: SqlParameters) => Promise<readonly R[]>;

const DAY_MS = 86_400_000;
const SHOWN = 10;
/** Limits for the distinct keys of config items, and for those that look secret. */
const MAX_KEYS = 5_000;
const MAX_SUSPECTS = 200;

interface Named {
  readonly id: string;
  readonly name: string | null;
}

interface Owner {
  readonly id: string;
  readonly username: string;
  readonly is_bootstrap_password: number | boolean;
}

const listing = (targetType: AuditTargetType, rows: readonly Named[]): Listing => ({
  count: rows.length,
  first: rows.slice(0, SHOWN).map(({ id, name }): SafetyDetail => ({ targetType, targetId: id, name: name ?? id })),
});

/** An owner who still has the initial password; otherwise the first owner. */
export const findOwner = async (query: RunQuery): Promise<StoredFacts['owner']> => {
  const [owner] = await query<Owner>(`SELECT id, username, is_bootstrap_password FROM users
    WHERE role = 'owner' AND status = 'ACTIVE' ORDER BY is_bootstrap_password DESC, created_at, id LIMIT 1`);
  if (!owner) return 'none';
  return { id: owner.id, username: owner.username, isBootstrap: Boolean(owner.is_bootstrap_password) };
};

const ACTIVE_TOKENS = `SELECT id, COALESCE(name, token_prefix) AS name FROM registration_tokens WHERE status = 'ACTIVE'`;

/** Active registration tokens that never expire. */
export const findTokensWithoutExpiry = async (query: RunQuery): Promise<Listing> =>
  listing('RegistrationToken', await query(`${ACTIVE_TOKENS} AND expires_at IS NULL ORDER BY created_at`));

/** Active registration tokens that have been unused for too long. */
export const findUnusedTokens = async (query: RunQuery, now: Date): Promise<Listing> => {
  const text = `${ACTIVE_TOKENS} AND expires_at > :now AND created_at < :before ORDER BY created_at`;
  const before = now.getTime() - MAX_UNUSED_DAYS * DAY_MS;
  return listing('RegistrationToken', await query(text, { now: now.getTime(), before }));
};

/** Agents whose newest token is too old. */
export const findOldAgentTokens = async (query: RunQuery, now: Date): Promise<Listing> => {
  const text = `SELECT agent.id AS id, agent.name AS name FROM agents agent
    JOIN agent_tokens token ON token.agent_id = agent.id AND token.revoked_at IS NULL
    WHERE agent.status <> 'REVOKED' GROUP BY agent.id, agent.name
    HAVING MAX(token.created_at) < :before ORDER BY MAX(token.created_at), agent.id`;
  return listing('Agent', await query(text, { before: now.getTime() - MAX_AGENT_TOKEN_AGE_DAYS * DAY_MS }));
};

/** Enabled actions of danger level HIGH that need no confirmation. */
export const findUnconfirmedActions = async (query: RunQuery): Promise<Listing> =>
  listing(
    'CapsuleService',
    await query(`SELECT service.id AS id, service.name || ': ' || action.label AS name FROM service_actions action
      JOIN capsule_services service ON service.id = action.service_id
      WHERE action.danger_level = 'HIGH' AND action.requires_confirmation = false AND action.enabled = true
        AND service.retired_at IS NULL ORDER BY service.name, action.name`),
  );

const OPEN_ITEMS = `FROM service_configs item JOIN capsule_services service ON service.id = item.service_id
  WHERE item.sensitive = false AND item.configured = true AND service.retired_at IS NULL`;

/** Config items whose key looks secret, or whose value is a URL with a password. */
export const findExposedItems = async (query: RunQuery): Promise<Listing> => {
  const keys = await query<{ readonly name: string }>(
    `SELECT DISTINCT item.key AS name ${OPEN_ITEMS} LIMIT ${MAX_KEYS}`,
  );
  const suspects = keys.map(({ name }) => name).filter(looksLikeSecret);
  const text = `SELECT service.id AS id, service.name || ': ' || item.key AS name ${OPEN_ITEMS}
    AND (item.key IN (:...suspects) OR item.value_preview LIKE '%://%:%@%') ORDER BY service.name, item.key`;
  // An empty IN list is not valid SQL; no item has the empty key.
  return listing('CapsuleService', await query(text, { suspects: ['', ...suspects.slice(0, MAX_SUSPECTS)] }));
};

/** The value set by an owner, if it is one that the API takes; otherwise that of the environment. */
export const findAuditRetentionDays = async (query: RunQuery, configured: number): Promise<number> => {
  const [row] = await query<{ readonly value: string }>(`SELECT value FROM settings WHERE key = 'maintenance'`);
  const defaults = { auditRetentionDays: configured };
  const { accepted } = readStoredParts(row?.value ?? null, defaults, UpdateMaintenanceSettingsBody);
  return accepted.auditRetentionDays ?? configured;
};

/** The outcome of the last daily verification, and triggers and the like that are not ours. */
export const findAuditIntegrity = async (query: RunQuery, kind: DatabaseKind): Promise<AuditIntegrity> => {
  const text = 'SELECT result FROM job_runs WHERE job_id = :id';
  const [run] = await query<{ readonly result: string | null }>(text, { id: VERIFICATION_JOB });
  const verification = run?.result === 'FAILED' ? 'broken' : run?.result === 'SUCCEEDED' ? 'sound' : 'none';
  return { verification, foreignObjects: await findForeignObjects(kind, (select) => query(select)) };
};

/** How many migrations are pending, and how many are unknown to this program. */
export const findMigrations = async (
  query: RunQuery,
): Promise<{ readonly pending: number; readonly unknown: number }> => {
  const rows = await query<{ readonly name: string }>('SELECT name FROM schema_migrations');
  const recorded = rows.map(({ name }) => name);
  return { pending: pendingMigrations(recorded), unknown: unknownMigrations(recorded).length };
};
