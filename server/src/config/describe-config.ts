import { REDACTED } from '#contracts';
import { isSecretKey } from '../common/redaction/redact.js';
import type { AppConfig } from './app-config.js';

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
