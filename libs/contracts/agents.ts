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

export interface AgentDetail extends AgentSummary {
  readonly services: readonly CapsuleService[];
}
