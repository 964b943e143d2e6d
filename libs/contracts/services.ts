import type { AgentStatus, CapsuleServiceStatus, DangerLevel, HealthStatus } from './enums.js';
import type { JsonObject, Json } from './envelope.js';
import type { ActionId, AgentId, CapsuleServiceId, ConfigItemId, HealthReportId, Instant } from './ids.js';

export interface Health {
  readonly status: HealthStatus;
  readonly message?: string;
  readonly details?: JsonObject;
}

/** Stored as reported, including unknown fields. */
export interface Manifest {
  readonly kind: 'CapsuleService';
  readonly schemaVersion: string;
  readonly code: string;
  readonly name: string;
  readonly version?: string;
  readonly runtime?: string;
  readonly agentMode?: string;
  readonly capabilities?: readonly string[];
  readonly labels?: { readonly [key: string]: string };
  readonly [extra: string]: unknown;
}

export interface ReportedConfigItem {
  readonly key: string;
  readonly type: string;
  readonly label?: string;
  readonly source?: string;
  readonly editable?: boolean;
  readonly sensitive?: boolean;
  readonly valuePreview?: Json;
  readonly defaultValue?: Json;
  readonly secretRef?: string;
}

export interface ReportedAction {
  readonly name: string;
  readonly label: string;
  readonly description?: string;
  readonly category?: string;
  readonly order?: number;
  readonly dangerLevel?: DangerLevel;
  readonly requiresConfirmation?: boolean;
  /** JSON Schema of the payload. */
  readonly inputSchema?: JsonObject;
  readonly timeoutSeconds?: number;
  readonly enabled?: boolean;
}

export interface ReportedService {
  readonly code: string;
  readonly name: string;
  readonly description?: string;
  readonly version?: string;
  readonly runtime?: string;
  /** Derived from the service when omitted. */
  readonly manifest?: Manifest;
  readonly health?: Health;
  readonly configs?: readonly ReportedConfigItem[];
  readonly actions?: readonly ReportedAction[];
}

export interface CapsuleService {
  readonly id: CapsuleServiceId;
  readonly code: string;
  readonly name: string;
  readonly description: string | null;
  readonly version: string | null;
  readonly runtime: string | null;
  readonly agentId: AgentId;
  readonly agentCode: string;
  readonly agentName: string;
  readonly agentStatus: AgentStatus;
  readonly agentLastSeenAt: Instant | null;
  /** Whether its agent has been silent for longer than the offline threshold. */
  readonly agentSilent: boolean;
  /** Derived from its agent and its last report. */
  readonly status: CapsuleServiceStatus;
  readonly healthStatus: HealthStatus;
  readonly healthMessage: string | null;
  /** Since when it has had its current health status; null before the first report. */
  readonly healthSince: Instant | null;
  readonly labels: { readonly [key: string]: string };
  readonly lastReportedAt: Instant;
  readonly retiredAt: Instant | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** The health of a service over the last 24 hours. */
export interface HealthStrip {
  readonly serviceId: CapsuleServiceId;
  readonly from: Instant;
  /** The worst status of each half hour, oldest first; null where it is unknown. */
  readonly statuses: readonly (HealthStatus | null)[];
}

/** A health transition: what the service reported from `reportedAt` until the next entry. */
/** The changes of a flapping service between two transitions, which were not stored one by one. */
export interface LeftOutHealth {
  readonly changes: number;
  /** How long the service was UP from the first of them on. */
  readonly upMs: number;
  readonly degradedMs: number;
  readonly downMs: number;
}

export interface HealthReport {
  readonly id: HealthReportId;
  readonly serviceId: CapsuleServiceId;
  readonly status: HealthStatus;
  readonly message: string | null;
  readonly details: JsonObject | null;
  readonly reportedAt: Instant;
  /** What happened since the transition before; only where changes were left out. */
  readonly leftOut?: LeftOutHealth;
}

/** The current health of a service, as `health` and at the top of its history: null for what it never reported. */
export interface CurrentHealth {
  readonly id: HealthReportId | null;
  readonly serviceId: CapsuleServiceId;
  readonly status: HealthStatus;
  readonly message: string | null;
  readonly details: JsonObject | null;
  readonly reportedAt: Instant | null;
}

/** `GET /capsule-services/{id}/health`: the current health, and its history. */
export interface ServiceHealthAnswer extends CurrentHealth, ServiceHealth {}

export interface ServiceHealth {
  /** The current health. */
  readonly latest: HealthReport | null;
  /** Transitions, newest first, 1,000 at most. */
  readonly history: readonly HealthReport[];
  /** The health at the start of the range; null when it is unknown, or without a `from`. */
  readonly atStart: HealthReport | null;
}

export interface ConfigItem {
  readonly id: ConfigItemId;
  readonly serviceId: CapsuleServiceId;
  readonly key: string;
  readonly type: string;
  readonly label: string | null;
  readonly source: string | null;
  readonly editable: boolean;
  readonly sensitive: boolean;
  /** Whether a value is set; for a sensitive item this is all the server knows. */
  readonly configured: boolean;
  readonly valuePreview: Json;
  readonly defaultValue: Json;
  readonly secretRef: string | null;
  readonly updatedAt: Instant;
}

export interface ServiceAction {
  readonly id: ActionId;
  readonly serviceId: CapsuleServiceId;
  readonly name: string;
  readonly label: string;
  readonly description: string | null;
  readonly category: string | null;
  readonly order: number;
  readonly dangerLevel: DangerLevel;
  readonly requiresConfirmation: boolean;
  readonly inputSchema: JsonObject | null;
  readonly timeoutSeconds: number | null;
  readonly enabled: boolean;
}

export interface CapsuleServiceDetail extends CapsuleService {
  readonly manifest: Manifest;
  readonly health: HealthReport | null;
  readonly configs: readonly ConfigItem[];
  readonly actions: readonly ServiceAction[];
}

export interface MoveServiceRequest {
  /** The agent that takes over the service. */
  readonly agentId: AgentId;
}
