import type { DatabaseKind } from '#contracts';

export interface DatabaseConfig {
  readonly kind: DatabaseKind;
  /** Path of the SQLite file; empty on PostgreSQL. */
  readonly file: string;
  /** Connection URL of PostgreSQL; empty on SQLite. */
  readonly url: string;
}

/** The settings of this process, read once and frozen. It contains secrets: never log it whole. */
export abstract class AppConfig {
  abstract readonly production: boolean;
  abstract readonly host: string;
  abstract readonly port: number;
  /** Where the metrics listener listens; port 0 turns it off. */
  abstract readonly metricsHost: string;
  abstract readonly metricsPort: number;
  abstract readonly dataDir: string;
  abstract readonly backupDir: string;
  abstract readonly database: DatabaseConfig;
  /** The first signs and seals, all verify and open. */
  abstract readonly sessionSecrets: readonly string[];
  /** Name and password of the first owner; null if the first start is to generate them. */
  abstract readonly adminUsername: string | null;
  abstract readonly adminPassword: string | null;
  abstract readonly publicBaseUrl: string | null;
  /** Express' `trust proxy`: false, a number of hops, or addresses. */
  abstract readonly trustProxy: false | number | readonly string[];
  /** Networks that users, and agents, may connect from; empty for any. */
  abstract readonly adminAllowedCidrs: readonly string[];
  abstract readonly agentAllowedCidrs: readonly string[];
  /** How long a session lives after its last use. */
  abstract readonly sessionTtlSeconds: number;
  /** How long a session lives at most. */
  abstract readonly sessionAbsoluteSeconds: number;
  abstract readonly agentHeartbeatIntervalSeconds: number;
  abstract readonly commandPollIntervalSeconds: number;
  abstract readonly agentOfflineThresholdSeconds: number;
  abstract readonly serviceStaleThresholdSeconds: number;
  abstract readonly commandTtlSeconds: number;
  abstract readonly commandResultMaxBytes: number;
  /** Agents replace older tokens; 0 for never. */
  abstract readonly agentTokenMaxAgeDays: number;
  /** The sustained rate of one agent; 0 for no limit. */
  abstract readonly agentRequestsPerSecond: number;
  /** How many services one agent may have. */
  abstract readonly agentMaxServices: number;
  /** 0 for no limit. */
  abstract readonly unauthenticatedConnectionsPerAddress: number;
  /** 0 turns the scheduled run off. */
  abstract readonly maintenanceIntervalSeconds: number;
  /** 0 keeps everything. */
  abstract readonly auditRetentionDays: number;
  /** 0 keeps all finished commands. */
  abstract readonly commandRetentionDays: number;
  /** 0 keeps all health changes. */
  abstract readonly healthRetentionDays: number;
  /** Where a copy of each audit event is written: `stdout` or a file; null for nowhere. */
  abstract readonly auditStream: string | null;
  /** 0 turns scheduled backups off. */
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
