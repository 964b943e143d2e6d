import type { AuditEvent } from './audit.js';
import type { Command } from './commands.js';
import type { AgentStatus, CapsuleServiceStatus, CommandStatus, TokenStatus } from './enums.js';
import type { Instant } from './ids.js';
import type { RegistrationToken } from './registration.js';
import type { CapsuleService } from './services.js';

export interface SystemHealth {
  readonly status: 'UP' | 'DEGRADED' | 'DOWN';
  readonly timestamp: Instant;
  readonly version: string;
  readonly edition: 'ce';
  readonly database: { readonly status: 'UP' | 'DOWN'; readonly kind: DatabaseKind; readonly latencyMs: number | null };
  readonly uptimeSeconds: number;
  /** Why it is DEGRADED; omitted otherwise. */
  readonly concerns?: readonly HealthConcern[];
}

/** `GET /health/live` */
export interface SystemLiveness {
  readonly status: 'UP';
  readonly timestamp: Instant;
  readonly uptimeSeconds: number;
}

export const HEALTH_CONCERNS = [
  'WRITES_STUCK',
  'DISK_NEARLY_FULL',
  'DISK_FULL',
  'DATABASE_READ_ONLY',
  'SWEEP_FAILED',
  'BACKUP_FAILED',
  'CHANGES_NOT_HEARD',
  'CLOCK_JUMPED',
  'SETTING_INVALID',
  'AUDIT_BROKEN',
] as const;

/** Something that works but needs attention. */
export interface HealthConcern {
  readonly code: (typeof HEALTH_CONCERNS)[number];
  readonly message: string;
}

export type DatabaseKind = 'sqlite' | 'postgres';

/** Whether a server runs from a release or from its sources. */
export type BuildKind = 'release' | 'checkout';

export interface SystemVersion {
  readonly name: 'opstage-ce';
  readonly version: string;
  readonly edition: 'ce';
  readonly commit: string | null;
  readonly buildTime: string | null;
  readonly kind: BuildKind;
}

export type Counts<K extends string> = { readonly [key in K]: number };

/** The one workspace of this edition. */
export const DEFAULT_WORKSPACE = { id: 'wks_default', code: 'default', name: 'Default', status: 'ACTIVE' } as const;

export interface Workspace {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly status: 'ACTIVE';
}

export interface DashboardSummary {
  readonly workspace: Workspace;
  readonly agentCounts: Counts<AgentStatus> & { readonly total: number };
  readonly serviceCounts: Counts<CapsuleServiceStatus> & { readonly total: number };
  readonly commandCounts: Counts<CommandStatus> & { readonly total: number };
  readonly auditEventCount: number;
  readonly recentCommands: readonly Command[];
  readonly recentAuditEvents: readonly AuditEvent[];
}

/** Maximum number of services on the wall of the overview. */
export const MAX_WALL_SERVICES = 300;

/** The data of the overview and the wall, read consistently. */
export interface DashboardOverview {
  readonly agentCounts: Counts<AgentStatus> & { readonly total: number };
  readonly serviceCounts: Counts<CapsuleServiceStatus> & { readonly total: number };
  /** UNHEALTHY, OFFLINE and STALE services, by name, 20 at most; `serviceCounts` says how many there are. */
  readonly troubledServices: readonly CapsuleService[];
  /** Executions of the last 24 hours that failed or were never answered. */
  readonly failedCommands: {
    readonly since: Instant;
    readonly total: number;
    /** Newest first, 5 at most. */
    readonly newest: readonly Command[];
  };
  /** Active tokens that expire within the hour, soonest first; empty for a viewer. */
  readonly expiringTokens: readonly RegistrationToken[];
  /** All services, by name, 300 at most; `serviceCounts` says how many there are. */
  readonly services: readonly CapsuleService[];
}

export interface CommandDurations {
  /** Number of finished commands the figures are based on: the newest 1,000 at most. */
  readonly sampleSize: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly maxMs: number | null;
  readonly meanMs: number | null;
}

export interface OperationalMetrics {
  readonly workspace: Workspace;
  readonly totals: {
    readonly agents: number;
    readonly services: number;
    /** The same as `services`. */
    readonly capsuleServices: number;
    readonly registrationTokens: number;
    readonly commands: number;
    readonly auditEvents: number;
    readonly users: number;
    readonly activeSessions: number;
  };
  readonly byStatus: {
    readonly agents: Counts<AgentStatus>;
    readonly services: Counts<CapsuleServiceStatus>;
    /** The same as `services`. */
    readonly capsuleServices: Counts<CapsuleServiceStatus>;
    readonly registrationTokens: Counts<TokenStatus>;
    readonly commands: Counts<CommandStatus>;
  };
  readonly operational: {
    readonly pendingCommands: number;
    readonly runningCommands: number;
    readonly oldestPendingSeconds: number | null;
    /** Share of SUCCEEDED among the finished, 0 to 1; null while none has finished. */
    readonly commandSuccessRate: number | null;
    readonly unhealthyServices: number;
    readonly staleServices: number;
    readonly offlineAgents: number;
    /** Agents that are ONLINE and have been silent for longer than the offline threshold. */
    readonly staleOnlineAgents: number;
    /** Polls since this server started. */
    readonly agentCommandPolls: number;
    /** Like the next five, of the commands that retention has kept. */
    readonly commandsDispatched: number;
    readonly commandsCompleted: number;
    readonly commandsFailed: number;
    readonly actionPrepareRequested: number;
    readonly actionPrepareTimeouts: number;
    readonly actionPrepareFailures: number;
    /** Since this server started. */
    readonly oversizedCommandResultsRejected: number;
  };
  readonly commandDurations: CommandDurations;
  readonly topCommandErrors: readonly CommandErrorCount[];
}

/** How often commands failed with a code. */
export interface CommandErrorCount {
  readonly code: string;
  /** The same as `code`. */
  readonly errorCode: string;
  readonly count: number;
}

export interface RuntimeDiagnostics {
  readonly version: SystemVersion;
  readonly node: { readonly version: string; readonly platform: string; readonly arch: string; readonly pid: number };
  readonly uptimeSeconds: number;
  readonly memory: { readonly rssBytes: number; readonly heapUsedBytes: number; readonly heapTotalBytes: number };
  readonly database: { readonly kind: DatabaseKind; readonly sizeBytes: number | null };
  /** By name of the environment variable; secrets are `[REDACTED]`, whether configured or generated. */
  readonly configuration: { readonly [name: string]: string | number | boolean | null };
}

export interface MaintenanceSettings {
  readonly agentOfflineThresholdSeconds: number;
  /** 0 keeps everything. */
  readonly auditRetentionDays: number;
  /** 0 keeps every finished command. */
  readonly commandRetentionDays: number;
  /** 0 keeps every health transition. */
  readonly healthRetentionDays: number;
  /** 0 switches the scheduled run off. */
  readonly maintenanceIntervalSeconds: number;
}

export type UpdateMaintenanceSettingsRequest = { readonly [K in keyof MaintenanceSettings]?: MaintenanceSettings[K] };

export interface MaintenanceReport {
  readonly expiredRegistrationTokens: number;
  readonly expiredCommands: number;
  readonly offlineAgents: number;
  /** Services whose agent this run marked offline. */
  readonly offlineServices: number;
  readonly staleServices: number;
  readonly deletedAuditEvents: number;
  readonly deletedCommands: number;
  readonly deletedHealthReports: number;
  readonly deletedSessions: number;
  readonly madeBackups: number;
  /** Disk space the database released, in bytes. */
  readonly freedBytes: number;
  /** The ids of the jobs that failed; the others ran. */
  readonly failedJobs: readonly string[];
  /** The ids of the jobs that had to wait: for the clock to be trusted, or for a backup. */
  readonly heldJobs: readonly string[];
  readonly ranAt: Instant;
}
