import type { AgentStatus, CapsuleServiceStatus, DangerLevel, HealthStatus } from './enums.js';
import type { JsonObject, Json } from './envelope.js';
import type { ActionId, AgentId, CapsuleServiceId, ConfigItemId, HealthReportId, Instant } from './ids.js';

export interface Health {
  readonly status: HealthStatus;
  readonly message?: string;
  readonly details?: JsonObject;
}

/** Preserved as reported, fields unknown here included. */
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
  /** Derived from the service when left out. */
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
  /** Its agent has been silent for longer than the offline threshold. */
  readonly agentSilent: boolean;
  /** Derived: see CONTRACT 7. */
  readonly status: CapsuleServiceStatus;
  readonly healthStatus: HealthStatus;
  readonly healthMessage: string | null;
  /** Since when its health status is what it is; null while it has said nothing. */
  readonly healthSince: Instant | null;
  readonly labels: { readonly [key: string]: string };
  readonly lastReportedAt: Instant;
  readonly retiredAt: Instant | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** What a service said of its health in the last 24 hours. */
export interface HealthStrip {
  readonly serviceId: CapsuleServiceId;
  readonly from: Instant;
  /** The worst of each half hour, oldest first; null where nothing is known. */
  readonly statuses: readonly (HealthStatus | null)[];
}

/** A health transition: what the service said from `reportedAt` until the next entry. */
export interface HealthReport {
  readonly id: HealthReportId;
  readonly serviceId: CapsuleServiceId;
  readonly status: HealthStatus;
  readonly message: string | null;
  readonly details: JsonObject | null;
  readonly reportedAt: Instant;
}

export interface ServiceHealth {
  /** What it says now. */
  readonly latest: HealthReport | null;
  /** Transitions, newest first, 1,000 at most. */
  readonly history: readonly HealthReport[];
  /** What it said when the range began; null when nothing was known, or without a `from`. */
  readonly atStart: HealthReport | null;
}

export interface ConfigItem {
  readonly id: ConfigItemId;
  readonly key: string;
  readonly type: string;
  readonly label: string | null;
  readonly source: string | null;
  readonly editable: boolean;
  readonly sensitive: boolean;
  /** Whether the service says a value is set; of a sensitive item this is all there is. */
  readonly configured: boolean;
  readonly valuePreview: Json;
  readonly defaultValue: Json;
  readonly secretRef: string | null;
  readonly updatedAt: Instant;
}

export interface ServiceAction {
  readonly id: ActionId;
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
  /** The agent that is to report the service from now on. */
  readonly agentId: AgentId;
}
