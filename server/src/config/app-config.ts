import type { DatabaseKind } from '#contracts';

export interface DatabaseConfig {
  readonly kind: DatabaseKind;
  /** Path of the SQLite file; empty on PostgreSQL. */
  readonly file: string;
  /** Connection URL of PostgreSQL; empty on SQLite. */
  readonly url: string;
}

/** What the environment says, read once and frozen. Secrets are in here: never log it whole. */
export abstract class AppConfig {
  abstract readonly production: boolean;
  abstract readonly host: string;
  abstract readonly port: number;
  /** Where Prometheus asks; port 0 switches it off. */
  abstract readonly metricsHost: string;
  abstract readonly metricsPort: number;
  abstract readonly dataDir: string;
  abstract readonly backupDir: string;
  abstract readonly database: DatabaseConfig;
  /** The first signs and seals, all verify and open. */
  abstract readonly sessionSecrets: readonly string[];
  /** Name and password of the first owner; null when the first start is to make them. */
  abstract readonly adminUsername: string | null;
  abstract readonly adminPassword: string | null;
  abstract readonly publicBaseUrl: string | null;
  /** Express' `trust proxy`: false, a number of hops, or addresses. */
  abstract readonly trustProxy: false | number | readonly string[];
  /** Networks people may come from, and agents; empty for any. */
  abstract readonly adminAllowedCidrs: readonly string[];
  abstract readonly agentAllowedCidrs: readonly string[];
  /** How long a session lives without use. */
  abstract readonly sessionTtlSeconds: number;
  /** How long it lives at most, however much it is used. */
  abstract readonly sessionAbsoluteSeconds: number;
  abstract readonly agentHeartbeatIntervalSeconds: number;
  abstract readonly commandPollIntervalSeconds: number;
  abstract readonly agentOfflineThresholdSeconds: number;
  abstract readonly serviceStaleThresholdSeconds: number;
  abstract readonly commandTtlSeconds: number;
  abstract readonly commandResultMaxBytes: number;
  /** Older tokens are replaced by their agents; 0 for never. */
  abstract readonly agentTokenMaxAgeDays: number;
  /** Of each agent, over time; 0 for any number. */
  abstract readonly agentRequestsPerSecond: number;
  /** Connections of one address on which nobody has shown who they are; 0 for any number. */
  abstract readonly strangerConnectionsPerAddress: number;
  /** 0 switches the scheduled run off. */
  abstract readonly maintenanceIntervalSeconds: number;
  /** 0 keeps everything. */
  abstract readonly auditRetentionDays: number;
  /** Where a copy of each audit event goes: `stdout` or a file; null for nowhere. */
  abstract readonly auditStream: string | null;
  /** 0 switches scheduled backups off. */
  abstract readonly backupIntervalHours: number;
  /** How many scheduled backups are kept. */
  abstract readonly backupKeep: number;
  /** Folder of console files to serve; null for the bundled one. */
  abstract readonly staticDir: string | null;
  abstract readonly logLevel: string;
  abstract readonly version: string;
  abstract readonly commit: string | null;
  abstract readonly buildTime: string | null;
}
