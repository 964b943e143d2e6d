import type { SafetyDetail } from '#contracts';
import type { TrafficSeen } from '../../../common/http/traffic.js';
import type { AppConfig } from '../../../config/app-config.js';

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
  readonly traffic: TrafficSeen | null;
}
