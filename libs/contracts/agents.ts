import type { AgentMode, AgentStatus } from './enums.js';
import type { AgentId, Instant } from './ids.js';
import type { CapsuleService } from './services.js';

export interface AgentSummary {
  readonly id: AgentId;
  readonly code: string;
  readonly name: string;
  readonly mode: AgentMode;
  readonly status: AgentStatus;
  readonly runtime: string | null;
  readonly version: string | null;
  readonly hostname: string | null;
  readonly os: string | null;
  readonly arch: string | null;
  readonly registeredAt: Instant;
  readonly lastHeartbeatAt: Instant | null;
  /** The same instant as `lastHeartbeatAt`. */
  readonly lastSeenAt: Instant | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** Number of its current services, without retired ones. */
  readonly serviceCount: number;
  /** When a token that it no longer uses was last shown again, since it last registered: somebody may have a copy. */
  readonly tokenReusedAt: Instant | null;
  /** When two processes last polled with its token, since it last registered. */
  readonly pollsDisplacedAt: Instant | null;
}

/** What the server could not keep as an agent sent it, in its last report, heartbeat, or answer to a command. */
export interface AgentWarning {
  readonly call: 'report' | 'heartbeat' | 'command';
  /** The service it is about; null when it is about none, or the service had no usable code. */
  readonly serviceCode: string | null;
  /** Its path in the request. */
  readonly path: string;
  readonly message: string;
  /** When it was first seen in this form. */
  readonly since: Instant;
}

export interface AgentDetail extends AgentSummary {
  readonly services: readonly CapsuleService[];
  /** At most 50 of each call; empty when everything was kept as it was sent. */
  readonly warnings: readonly AgentWarning[];
}
