import { join } from 'node:path';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, REDACTED } from '#contracts';
import { isSecretKey } from '../common/redaction.js';
import type { AppConfig, DatabaseConfig } from './app-config.js';
import type { BuildInfo } from './build-info.js';
import {
  cidrs,
  databaseUrl,
  hostName,
  integer,
  oneOf,
  originUrl,
  type Parser,
  password,
  path,
  secrets,
  sqliteDatabase,
  stdoutOrFile,
  text,
  trustedProxies,
  username,
} from './env-parsers.js';
import { MIN_SECRET_LENGTH } from './secret-file.js';

/** What defaults depend on. */
export interface Surroundings {
  readonly dataDir: string;
  /** The package's own version. */
  readonly version: string;
  /** What the program was made of, where that is known. */
  readonly build?: BuildInfo | undefined;
}

/** A value as the diagnostics show it. */
export type ShownValue = string | number | boolean | null;

/** One setting: its environment variable, how to read it, and its default. */
export interface Setting<T> {
  readonly name: string;
  /** An earlier name, which still works with a warning. */
  readonly formerName?: string;
  readonly parse: Parser<T>;
  readonly fallback: (surroundings: Surroundings) => T;
  /** Converts the value for the diagnostics; by default it is shown unchanged. */
  show?(value: T): ShownValue;
}

const setting = <T>(name: string, parse: Parser<T>, fallback: T): Setting<T> => ({
  name,
  parse,
  fallback: () => fallback,
});

const optional = <T>(name: string, parse: Parser<T>): Setting<T | null> => setting<T | null>(name, parse, null);

const wholeNumber = (name: string, fallback: number, min: number, max: number): Setting<number> =>
  setting(name, integer(min, max), fallback);

const asSecret = (value: unknown): ShownValue => (value === null ? null : REDACTED);

/** Shows a database URL without its secrets: the password, and query parameters that are secret. */
const withoutSecrets = (address: string): string => {
  const url = new URL(address);
  if (url.password !== '') url.password = REDACTED;
  for (const name of [...url.searchParams.keys()].filter(isSecretKey)) url.searchParams.set(name, REDACTED);
  return url.toString().replaceAll(encodeURIComponent(REDACTED), REDACTED);
};

const showDatabase = ({ kind, file, url }: DatabaseConfig): string =>
  kind === 'sqlite' ? `file:${file}` : withoutSecrets(url);

const DAY = 86_400;
const YEAR = 365 * DAY;
const CENTURY_DAYS = 36_500;
const MAX_PORT = 65_535;

/** Every setting, in the order of the reference page: names, reading, defaults and the diagnostics follow from this table. */
export const SETTINGS: { readonly [Key in keyof AppConfig]: Setting<AppConfig[Key]> } = {
  production: {
    ...setting('NODE_ENV', (value) => value === 'production', false),
    show: (isProduction) => (isProduction ? 'production' : 'development'),
  },
  host: setting('OPSTAGE_HOST', hostName, '127.0.0.1'),
  port: wholeNumber('OPSTAGE_PORT', 8_080, 0, MAX_PORT),
  dataDir: { name: 'OPSTAGE_DATA_DIR', parse: path, fallback: () => path('./data') },
  database: {
    name: 'DATABASE_URL',
    parse: databaseUrl,
    fallback: ({ dataDir }) => sqliteDatabase(join(dataDir, 'opstage.db')),
    show: showDatabase,
  },
  sessionSecrets: { ...setting('OPSTAGE_SESSION_SECRET', secrets(MIN_SECRET_LENGTH), []), show: asSecret },
  adminUsername: optional('OPSTAGE_ADMIN_USERNAME', username),
  adminPassword: {
    ...optional('OPSTAGE_ADMIN_PASSWORD', password(MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH)),
    show: asSecret,
  },
  publicBaseUrl: optional('OPSTAGE_PUBLIC_BASE_URL', originUrl),
  trustProxy: setting('OPSTAGE_TRUST_PROXY', trustedProxies, false),
  adminAllowedCidrs: setting('OPSTAGE_ADMIN_ALLOWED_CIDRS', cidrs, []),
  agentAllowedCidrs: setting('OPSTAGE_AGENT_ALLOWED_CIDRS', cidrs, []),
  sessionTtlSeconds: wholeNumber('OPSTAGE_SESSION_TTL_SECONDS', 28_800, 60, YEAR),
  sessionAbsoluteSeconds: wholeNumber('OPSTAGE_SESSION_ABSOLUTE_SECONDS', DAY, 60, YEAR),
  agentHeartbeatIntervalSeconds: wholeNumber('OPSTAGE_AGENT_HEARTBEAT_INTERVAL_SECONDS', 30, 1, 3_600),
  commandPollIntervalSeconds: wholeNumber('OPSTAGE_COMMAND_POLL_INTERVAL_SECONDS', 5, 1, 3_600),
  agentOfflineThresholdSeconds: wholeNumber('OPSTAGE_AGENT_OFFLINE_THRESHOLD_SECONDS', 90, 1, DAY),
  serviceStaleThresholdSeconds: wholeNumber('OPSTAGE_SERVICE_STALE_THRESHOLD_SECONDS', 120, 1, DAY),
  agentTokenMaxAgeDays: wholeNumber('OPSTAGE_AGENT_TOKEN_MAX_AGE_DAYS', 90, 0, 3_650),
  commandTtlSeconds: wholeNumber('OPSTAGE_COMMAND_TTL_SECONDS', 300, 1, 7 * DAY),
  commandResultMaxBytes: wholeNumber('OPSTAGE_COMMAND_RESULT_MAX_BYTES', 1_000_000, 1_000, 50_000_000),
  agentRequestsPerSecond: wholeNumber('OPSTAGE_AGENT_REQUESTS_PER_SECOND', 100, 0, 1_000_000),
  agentMaxServices: wholeNumber('OPSTAGE_AGENT_MAX_SERVICES', 500, 1, 100_000),
  unauthenticatedConnectionsPerAddress: {
    ...wholeNumber('OPSTAGE_UNAUTHENTICATED_CONNECTIONS_PER_ADDRESS', 5_000, 0, 1_000_000),
    formerName: 'OPSTAGE_STRANGER_CONNECTIONS_PER_ADDRESS',
  },
  maintenanceIntervalSeconds: wholeNumber('OPSTAGE_MAINTENANCE_INTERVAL_SECONDS', 60, 0, DAY),
  auditRetentionDays: wholeNumber('OPSTAGE_AUDIT_RETENTION_DAYS', 90, 0, CENTURY_DAYS),
  commandRetentionDays: wholeNumber('OPSTAGE_COMMAND_RETENTION_DAYS', 90, 0, CENTURY_DAYS),
  healthRetentionDays: wholeNumber('OPSTAGE_HEALTH_RETENTION_DAYS', 90, 0, CENTURY_DAYS),
  auditStream: optional('OPSTAGE_AUDIT_STREAM', stdoutOrFile),
  backupDir: { name: 'OPSTAGE_BACKUP_DIR', parse: path, fallback: ({ dataDir }) => join(dataDir, 'backups') },
  backupIntervalHours: wholeNumber('OPSTAGE_BACKUP_INTERVAL_HOURS', 24, 0, 8_760),
  backupKeep: wholeNumber('OPSTAGE_BACKUP_KEEP', 7, 1, 365),
  staticDir: optional('OPSTAGE_STATIC_DIR', text),
  metricsHost: setting('OPSTAGE_METRICS_HOST', hostName, '127.0.0.1'),
  metricsPort: wholeNumber('OPSTAGE_METRICS_PORT', 0, 0, MAX_PORT),
  logLevel: setting('OPSTAGE_LOG_LEVEL', oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'), 'info'),
  version: { name: 'OPSTAGE_VERSION', parse: text, fallback: ({ version }) => version },
  commit: { name: 'OPSTAGE_COMMIT', parse: text, fallback: ({ build }) => build?.commit ?? null },
  buildTime: { name: 'OPSTAGE_BUILD_TIME', parse: text, fallback: ({ build }) => build?.time ?? null },
};
