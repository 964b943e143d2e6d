import { join, resolve } from 'node:path';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, REDACTED } from '#contracts';
import { isSecretKey } from '../common/redaction.js';
import type { AppConfig, DatabaseConfig } from './app-config.js';
import { EnvReader } from './env-parsers.js';
import { MIN_SECRET_LENGTH } from './secret-file.js';

const DAY_SECONDS = 86_400;
/** What examples put where a secret belongs; whoever forgot to replace it shares it with everybody who did. */
const PLACEHOLDER = /(?:change|replace)[-_ ]?(?:me|this|it)|placeholder|your[-_ ](?:secret|password)/i;
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Names an agent process on the same host reads; the server knows them so as not to call them typos. */
const AGENT_SIDE_NAMES = [
  'OPSTAGE_BACKEND_URL',
  'OPSTAGE_REGISTRATION_TOKEN',
  'OPSTAGE_AGENT_TOKEN_FILE',
  'OPSTAGE_AGENT_CODE',
  'OPSTAGE_AGENT_NAME',
];

/** Every name the server reads, in the order of the reference page. */
export const SERVER_NAMES = [
  'OPSTAGE_HOST',
  'OPSTAGE_PORT',
  'OPSTAGE_DATA_DIR',
  'DATABASE_URL',
  'OPSTAGE_SESSION_SECRET',
  'OPSTAGE_ADMIN_USERNAME',
  'OPSTAGE_ADMIN_PASSWORD',
  'OPSTAGE_PUBLIC_BASE_URL',
  'OPSTAGE_TRUST_PROXY',
  'OPSTAGE_ADMIN_ALLOWED_CIDRS',
  'OPSTAGE_AGENT_ALLOWED_CIDRS',
  'OPSTAGE_SESSION_TTL_SECONDS',
  'OPSTAGE_SESSION_ABSOLUTE_SECONDS',
  'OPSTAGE_AGENT_HEARTBEAT_INTERVAL_SECONDS',
  'OPSTAGE_COMMAND_POLL_INTERVAL_SECONDS',
  'OPSTAGE_AGENT_OFFLINE_THRESHOLD_SECONDS',
  'OPSTAGE_SERVICE_STALE_THRESHOLD_SECONDS',
  'OPSTAGE_AGENT_TOKEN_MAX_AGE_DAYS',
  'OPSTAGE_COMMAND_TTL_SECONDS',
  'OPSTAGE_COMMAND_RESULT_MAX_BYTES',
  'OPSTAGE_AGENT_REQUESTS_PER_SECOND',
  'OPSTAGE_STRANGER_CONNECTIONS_PER_ADDRESS',
  'OPSTAGE_MAINTENANCE_INTERVAL_SECONDS',
  'OPSTAGE_AUDIT_RETENTION_DAYS',
  'OPSTAGE_COMMAND_RETENTION_DAYS',
  'OPSTAGE_HEALTH_RETENTION_DAYS',
  'OPSTAGE_AUDIT_STREAM',
  'OPSTAGE_BACKUP_DIR',
  'OPSTAGE_BACKUP_INTERVAL_HOURS',
  'OPSTAGE_BACKUP_KEEP',
  'OPSTAGE_STATIC_DIR',
  'OPSTAGE_METRICS_HOST',
  'OPSTAGE_METRICS_PORT',
  'OPSTAGE_LOG_LEVEL',
  'OPSTAGE_VERSION',
  'OPSTAGE_COMMIT',
  'OPSTAGE_BUILD_TIME',
] as const;

/** The configuration, or why it cannot be used: one line per fault, by name and reason, never by value. */
export type LoadedConfig =
  | { readonly ok: true; readonly config: AppConfig; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly faults: readonly string[] };

interface Defaults {
  /** The package's own version. */
  readonly version: string;
  /** Finds or makes the secret of an installation that was given none. Called only when nothing else is at fault. */
  readonly makeSecret: (dataDir: string) => string;
}

/** Reads the environment once into a frozen {@link AppConfig}. */
export const loadConfig = (values: Readonly<Record<string, string | undefined>>, defaults: Defaults): LoadedConfig => {
  const env = new EnvReader(values);
  const dataDir = resolve(env.textOr('OPSTAGE_DATA_DIR', './data'));
  const config = {
    production: env.text('NODE_ENV') === 'production',
    host: env.textOr('OPSTAGE_HOST', '127.0.0.1'),
    port: env.integer('OPSTAGE_PORT', 8080, 0, 65_535),
    metricsHost: env.textOr('OPSTAGE_METRICS_HOST', '127.0.0.1'),
    metricsPort: env.integer('OPSTAGE_METRICS_PORT', 0, 0, 65_535),
    dataDir,
    backupDir: resolve(env.textOr('OPSTAGE_BACKUP_DIR', join(dataDir, 'backups'))),
    database: readDatabase(env, dataDir),
    sessionSecrets: readSecrets(env),
    adminUsername: readAdminUsername(env),
    adminPassword: readAdminPassword(env),
    publicBaseUrl: env.httpUrl('OPSTAGE_PUBLIC_BASE_URL'),
    trustProxy: env.trustProxy('OPSTAGE_TRUST_PROXY'),
    adminAllowedCidrs: env.cidrs('OPSTAGE_ADMIN_ALLOWED_CIDRS'),
    agentAllowedCidrs: env.cidrs('OPSTAGE_AGENT_ALLOWED_CIDRS'),
    ...readTimings(env),
    commandResultMaxBytes: env.integer('OPSTAGE_COMMAND_RESULT_MAX_BYTES', 1_000_000, 1_000, 50_000_000),
    agentRequestsPerSecond: env.integer('OPSTAGE_AGENT_REQUESTS_PER_SECOND', 100, 0, 1_000_000),
    strangerConnectionsPerAddress: env.integer('OPSTAGE_STRANGER_CONNECTIONS_PER_ADDRESS', 5_000, 0, 1_000_000),
    auditStream: readAuditStream(env),
    staticDir: env.text('OPSTAGE_STATIC_DIR'),
    logLevel: env.oneOf('OPSTAGE_LOG_LEVEL', LOG_LEVELS, 'info'),
    version: env.textOr('OPSTAGE_VERSION', defaults.version),
    commit: env.text('OPSTAGE_COMMIT'),
    buildTime: env.text('OPSTAGE_BUILD_TIME'),
  };
  if (env.faults.length > 0) return { ok: false, faults: env.faults };
  try {
    const sessionSecrets = config.sessionSecrets.length > 0 ? config.sessionSecrets : [defaults.makeSecret(dataDir)];
    return { ok: true, config: Object.freeze({ ...config, sessionSecrets }), warnings: unknownNames(values) };
  } catch (error) {
    // The data directory cannot be used: as much a fault of the configuration as a bad value.
    return { ok: false, faults: [`OPSTAGE_DATA_DIR cannot keep the session secret: ${(error as Error).message}`] };
  }
};

const readTimings = (env: EnvReader) => ({
  sessionTtlSeconds: env.integer('OPSTAGE_SESSION_TTL_SECONDS', 28_800, 60, 365 * DAY_SECONDS),
  sessionAbsoluteSeconds: env.integer('OPSTAGE_SESSION_ABSOLUTE_SECONDS', DAY_SECONDS, 60, 365 * DAY_SECONDS),
  agentHeartbeatIntervalSeconds: env.integer('OPSTAGE_AGENT_HEARTBEAT_INTERVAL_SECONDS', 30, 1, 3_600),
  commandPollIntervalSeconds: env.integer('OPSTAGE_COMMAND_POLL_INTERVAL_SECONDS', 5, 1, 3_600),
  agentOfflineThresholdSeconds: env.integer('OPSTAGE_AGENT_OFFLINE_THRESHOLD_SECONDS', 90, 1, DAY_SECONDS),
  serviceStaleThresholdSeconds: env.integer('OPSTAGE_SERVICE_STALE_THRESHOLD_SECONDS', 120, 1, DAY_SECONDS),
  agentTokenMaxAgeDays: env.integer('OPSTAGE_AGENT_TOKEN_MAX_AGE_DAYS', 90, 0, 3_650),
  commandTtlSeconds: env.integer('OPSTAGE_COMMAND_TTL_SECONDS', 300, 1, 7 * DAY_SECONDS),
  maintenanceIntervalSeconds: env.integer('OPSTAGE_MAINTENANCE_INTERVAL_SECONDS', 60, 0, DAY_SECONDS),
  auditRetentionDays: env.integer('OPSTAGE_AUDIT_RETENTION_DAYS', 90, 0, 36_500),
  commandRetentionDays: env.integer('OPSTAGE_COMMAND_RETENTION_DAYS', 90, 0, 36_500),
  healthRetentionDays: env.integer('OPSTAGE_HEALTH_RETENTION_DAYS', 90, 0, 36_500),
  backupIntervalHours: env.integer('OPSTAGE_BACKUP_INTERVAL_HOURS', 24, 0, 8_760),
  backupKeep: env.integer('OPSTAGE_BACKUP_KEEP', 7, 1, 365),
});

const readDatabase = (env: EnvReader, dataDir: string): DatabaseConfig => {
  const url = env.text('DATABASE_URL');
  if (url === null) return { kind: 'sqlite', file: join(dataDir, 'opstage.db'), url: '' };
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) return { kind: 'postgres', file: '', url };
  const file = /^file:(?:\/\/(?=\/))?(.+)$/.exec(url)?.[1];
  if (file === undefined || file.startsWith('//')) {
    env.faults.push('DATABASE_URL must begin with file: or postgres://.');
    return { kind: 'sqlite', file: '', url: '' };
  }
  return { kind: 'sqlite', file: resolve(file), url: '' };
};

const readAuditStream = (env: EnvReader): string | null => {
  const target = env.text('OPSTAGE_AUDIT_STREAM');
  return target === null || target === 'stdout' ? target : resolve(target);
};

const readSecrets = (env: EnvReader): readonly string[] => {
  const value = env.text('OPSTAGE_SESSION_SECRET');
  if (value === null) return [];
  const secrets = value.split(',').map((secret) => secret.trim());
  if (secrets.some((secret) => secret.length < MIN_SECRET_LENGTH)) {
    env.faults.push(`OPSTAGE_SESSION_SECRET must have at least ${MIN_SECRET_LENGTH} characters, each one of a list.`);
  } else if (PLACEHOLDER.test(value)) {
    env.faults.push('OPSTAGE_SESSION_SECRET is still a placeholder; make one of your own.');
  }
  return secrets;
};

const readAdminUsername = (env: EnvReader): string | null => {
  const name = env.text('OPSTAGE_ADMIN_USERNAME');
  if (name !== null && !/^[A-Za-z0-9._@-]{1,80}$/.test(name)) {
    env.faults.push('OPSTAGE_ADMIN_USERNAME must be 1 to 80 letters, digits or any of . _ @ -');
  }
  return name;
};

const readAdminPassword = (env: EnvReader): string | null => {
  const password = env.text('OPSTAGE_ADMIN_PASSWORD');
  if (password === null) return null;
  if (password.length < MIN_PASSWORD_LENGTH || password.length > MAX_PASSWORD_LENGTH) {
    env.faults.push(`OPSTAGE_ADMIN_PASSWORD must have ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters.`);
  } else if (PLACEHOLDER.test(password)) {
    env.faults.push('OPSTAGE_ADMIN_PASSWORD is still a placeholder; choose one of your own.');
  }
  return password;
};

const unknownNames = (values: Readonly<Record<string, string | undefined>>): readonly string[] => {
  const known = new Set<string>([...SERVER_NAMES, ...AGENT_SIDE_NAMES]);
  return Object.keys(values)
    .filter((name) => name.startsWith('OPSTAGE_') && !known.has(name) && !name.startsWith('OPSTAGE_TEST_'))
    .map((name) => `${name} is not a setting of this server; is it a typo?`);
};

type Shown = string | number | boolean | null;

/** A database URL without the secrets it carries: the password, also where it stands as a query parameter. */
const withoutSecrets = (text: string): string => {
  const url = new URL(text);
  if (url.password !== '') url.password = REDACTED;
  for (const name of [...url.searchParams.keys()].filter(isSecretKey)) url.searchParams.set(name, REDACTED);
  return url.toString().replaceAll(encodeURIComponent(REDACTED), REDACTED);
};

const shownDatabase = ({ kind, file, url }: AppConfig['database']): string =>
  kind === 'sqlite' ? `file:${file}` : withoutSecrets(url);

/** Null for an empty list, which is one that is not set. */
const listed = (values: readonly string[]): string | null => (values.length === 0 ? null : values.join(','));

/** The effective configuration by environment name. A field that is not named here is not shown. */
export const describeConfig = (config: AppConfig): Readonly<Record<string, Shown>> => ({
  NODE_ENV: config.production ? 'production' : 'development',
  OPSTAGE_HOST: config.host,
  OPSTAGE_PORT: config.port,
  OPSTAGE_DATA_DIR: config.dataDir,
  DATABASE_URL: shownDatabase(config.database),
  OPSTAGE_SESSION_SECRET: REDACTED,
  OPSTAGE_ADMIN_USERNAME: config.adminUsername,
  OPSTAGE_ADMIN_PASSWORD: config.adminPassword === null ? null : REDACTED,
  OPSTAGE_PUBLIC_BASE_URL: config.publicBaseUrl,
  OPSTAGE_TRUST_PROXY: typeof config.trustProxy === 'object' ? config.trustProxy.join(',') : config.trustProxy,
  OPSTAGE_ADMIN_ALLOWED_CIDRS: listed(config.adminAllowedCidrs),
  OPSTAGE_AGENT_ALLOWED_CIDRS: listed(config.agentAllowedCidrs),
  OPSTAGE_SESSION_TTL_SECONDS: config.sessionTtlSeconds,
  OPSTAGE_SESSION_ABSOLUTE_SECONDS: config.sessionAbsoluteSeconds,
  OPSTAGE_AGENT_HEARTBEAT_INTERVAL_SECONDS: config.agentHeartbeatIntervalSeconds,
  OPSTAGE_COMMAND_POLL_INTERVAL_SECONDS: config.commandPollIntervalSeconds,
  OPSTAGE_AGENT_OFFLINE_THRESHOLD_SECONDS: config.agentOfflineThresholdSeconds,
  OPSTAGE_SERVICE_STALE_THRESHOLD_SECONDS: config.serviceStaleThresholdSeconds,
  OPSTAGE_AGENT_TOKEN_MAX_AGE_DAYS: config.agentTokenMaxAgeDays,
  OPSTAGE_COMMAND_TTL_SECONDS: config.commandTtlSeconds,
  OPSTAGE_COMMAND_RESULT_MAX_BYTES: config.commandResultMaxBytes,
  OPSTAGE_AGENT_REQUESTS_PER_SECOND: config.agentRequestsPerSecond,
  OPSTAGE_STRANGER_CONNECTIONS_PER_ADDRESS: config.strangerConnectionsPerAddress,
  OPSTAGE_MAINTENANCE_INTERVAL_SECONDS: config.maintenanceIntervalSeconds,
  OPSTAGE_AUDIT_RETENTION_DAYS: config.auditRetentionDays,
  OPSTAGE_COMMAND_RETENTION_DAYS: config.commandRetentionDays,
  OPSTAGE_HEALTH_RETENTION_DAYS: config.healthRetentionDays,
  OPSTAGE_AUDIT_STREAM: config.auditStream,
  OPSTAGE_BACKUP_DIR: config.backupDir,
  OPSTAGE_BACKUP_INTERVAL_HOURS: config.backupIntervalHours,
  OPSTAGE_BACKUP_KEEP: config.backupKeep,
  OPSTAGE_STATIC_DIR: config.staticDir,
  OPSTAGE_METRICS_HOST: config.metricsHost,
  OPSTAGE_METRICS_PORT: config.metricsPort,
  OPSTAGE_LOG_LEVEL: config.logLevel,
  OPSTAGE_VERSION: config.version,
  OPSTAGE_COMMIT: config.commit,
  OPSTAGE_BUILD_TIME: config.buildTime,
});
