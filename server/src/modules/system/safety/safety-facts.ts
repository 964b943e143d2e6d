import type { AuditTargetType, SafetyDetail } from '#contracts';
import type { AppConfig } from '../../../config/app-config.js';
import { pendingMigrations, unknownMigrations } from '../../../database/migrations/index.js';
import type { SqlParameters } from '../../../database/sql/named-parameters.js';
import type { RequestsSeen } from '../../../http/request-stats.js';

/** How many things there are of a kind, and the first ten of them. */
export interface Listing {
  readonly count: number;
  readonly first: readonly SafetyDetail[];
}

/** What the database and the files say; each is null when it could not be found out. */
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
  readonly migrations: { readonly pending: number; readonly unknown: number } | null;
  /** Hours since the newest proven backup that is kept was made; `none` without one. */
  readonly backupAgeHours: number | 'none' | null;
}

/** All that the rules go by. */
export interface SafetyFacts extends StoredFacts {
  readonly config: AppConfig;
  /** Null for a secret that is not kept in the data directory. */
  readonly secretAgeDays: number | null;
  /** Null where no server asks. */
  readonly traffic: RequestsSeen | null;
}

/** Registration tokens unused for longer are forgotten ones. */
export const MAX_UNUSED_DAYS = 7;
export const MAX_AGENT_TOKEN_AGE_DAYS = 180;

/** Words of a key that mostly stand before a secret; those that certainly do are hidden when they are reported. */
const SUSPECT_WORDS = new Set(
  'auth certificate conn connection creds dsn hmac jwt key keys otp pass passcode pin private psk pw salt sas seed session signature ssh sso webhook'.split(
    ' ',
  ),
);
/** Words that say it is something else after all. */
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

/** Whether a person should look whether what has this key is secret. */
export const looksLikeSecret = (key: string): boolean => {
  const words = wordsOf(key);
  return words.some((word) => SUSPECT_WORDS.has(word)) && !words.some((word) => HARMLESS_WORDS.has(word));
};

/** Rows of a SELECT; what it asks has to be there in every version of the schema. */
export type RunQuery = <R>(text: string, parameters?: SqlParameters) => Promise<readonly R[]>;

const DAY_MS = 86_400_000;
const SHOWN = 10;
/** Distinct keys of config items, and those of them that look secret. */
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

/** Whose password is as the first start left it, else the first owner. */
export const findOwner = async (ask: RunQuery): Promise<StoredFacts['owner']> => {
  const [owner] = await ask<Owner>(`SELECT id, username, is_bootstrap_password FROM users
    WHERE role = 'owner' AND status = 'ACTIVE' ORDER BY is_bootstrap_password DESC, created_at, id LIMIT 1`);
  if (!owner) return 'none';
  return { id: owner.id, username: owner.username, isBootstrap: Boolean(owner.is_bootstrap_password) };
};

const ACTIVE_TOKENS = `SELECT id, COALESCE(name, token_prefix) AS name FROM registration_tokens WHERE status = 'ACTIVE'`;

export const findTokensWithoutExpiry = async (ask: RunQuery): Promise<Listing> =>
  listing('RegistrationToken', await ask(`${ACTIVE_TOKENS} AND expires_at IS NULL ORDER BY created_at`));

export const findUnusedTokens = async (ask: RunQuery, now: Date): Promise<Listing> => {
  const text = `${ACTIVE_TOKENS} AND expires_at > :now AND created_at < :before ORDER BY created_at`;
  const before = now.getTime() - MAX_UNUSED_DAYS * DAY_MS;
  return listing('RegistrationToken', await ask(text, { now: now.getTime(), before }));
};

export const findOldAgentTokens = async (ask: RunQuery, now: Date): Promise<Listing> => {
  const text = `SELECT agent.id AS id, agent.name AS name FROM agents agent
    JOIN agent_tokens token ON token.agent_id = agent.id AND token.revoked_at IS NULL
    WHERE agent.status <> 'REVOKED' GROUP BY agent.id, agent.name
    HAVING MAX(token.created_at) < :before ORDER BY MAX(token.created_at), agent.id`;
  return listing('Agent', await ask(text, { before: now.getTime() - MAX_AGENT_TOKEN_AGE_DAYS * DAY_MS }));
};

export const findUnconfirmedActions = async (ask: RunQuery): Promise<Listing> =>
  listing(
    'CapsuleService',
    await ask(`SELECT service.id AS id, service.name || ': ' || action.label AS name FROM service_actions action
      JOIN capsule_services service ON service.id = action.service_id
      WHERE action.danger_level = 'HIGH' AND action.requires_confirmation = false AND action.enabled = true
        AND service.retired_at IS NULL ORDER BY service.name, action.name`),
  );

const OPEN_ITEMS = `FROM service_configs item JOIN capsule_services service ON service.id = item.service_id
  WHERE item.sensitive = false AND item.configured = true AND service.retired_at IS NULL`;

/** By their key, and by a value with a password in its address. */
export const findExposedItems = async (ask: RunQuery): Promise<Listing> => {
  const keys = await ask<{ readonly name: string }>(`SELECT DISTINCT item.key AS name ${OPEN_ITEMS} LIMIT ${MAX_KEYS}`);
  const suspects = keys.map(({ name }) => name).filter(looksLikeSecret);
  const text = `SELECT service.id AS id, service.name || ': ' || item.key AS name ${OPEN_ITEMS}
    AND (item.key IN (:...suspects) OR item.value_preview LIKE '%://%:%@%') ORDER BY service.name, item.key`;
  // An empty list is no SQL; no item has this key.
  return listing('CapsuleService', await ask(text, { suspects: ['', ...suspects.slice(0, MAX_SUSPECTS)] }));
};

/** What an owner set, else what the environment says. */
export const findAuditRetentionDays = async (ask: RunQuery, configured: number): Promise<number> => {
  const [row] = await ask<{ readonly value: string }>(`SELECT value FROM settings WHERE key = 'maintenance'`);
  const stored = row && (JSON.parse(row.value) as { readonly auditRetentionDays?: number });
  return stored?.auditRetentionDays ?? configured;
};

export const findMigrations = async (
  ask: RunQuery,
): Promise<{ readonly pending: number; readonly unknown: number }> => {
  const rows = await ask<{ readonly name: string }>('SELECT name FROM schema_migrations');
  const recorded = rows.map(({ name }) => name);
  return { pending: pendingMigrations(recorded), unknown: unknownMigrations(recorded).length };
};
