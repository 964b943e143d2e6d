import { Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { AgentId, AgentMode, AgentStatus, AgentSummary, AgentWarning } from '#contracts';
import { toInstant, toInstantOrNull } from '../../common/clock.js';
import { InstantColumn, JsonColumn, StringColumn } from '../../database/columns.js';

/** A program that connects services to this server. */
@Entity('agents')
@Unique('uq_agents_code', ['code'])
@Index('ix_agents_last_heartbeat_at', ['lastHeartbeatAt'])
@Index('ix_agents_status', ['status'])
export class AgentEntity {
  @PrimaryColumn({ name: 'id', type: 'varchar', length: 40, primaryKeyConstraintName: 'pk_agents' }) id!: AgentId;
  @StringColumn('code', 80) code!: string;
  @StringColumn('name', 200) name!: string;
  @StringColumn('mode', 20) mode!: AgentMode;
  @StringColumn('status', 20) status!: AgentStatus;
  @StringColumn('runtime', 80, { nullable: true }) runtime!: string | null;
  @StringColumn('version', 80, { nullable: true }) version!: string | null;
  @StringColumn('hostname', 255, { nullable: true }) hostname!: string | null;
  @StringColumn('os', 80, { nullable: true }) os!: string | null;
  @StringColumn('arch', 80, { nullable: true }) arch!: string | null;
  /** When it last registered. */
  @InstantColumn('registered_at') registeredAt!: Date;
  /** When it was last seen: its registration, or a heartbeat, report or poll. */
  @InstantColumn('last_heartbeat_at', { nullable: true }) lastHeartbeatAt!: Date | null;
  /** When a heartbeat was last audited. */
  @InstantColumn('heartbeat_audited_at', { nullable: true }) heartbeatAuditedAt!: Date | null;
  /** What could not be kept as the agent sent it; null when everything was. */
  @JsonColumn('warnings', { nullable: true }) warnings!: readonly AgentWarning[] | null;
  /** When a token that it no longer uses was last shown again; null since it last registered. */
  @InstantColumn('token_reused_at', { nullable: true }) tokenReusedAt!: Date | null;
  /** When two processes last polled with its token; null since it last registered. */
  @InstantColumn('polls_displaced_at', { nullable: true }) pollsDisplacedAt!: Date | null;
  @InstantColumn('created_at') createdAt!: Date;
  @InstantColumn('updated_at') updatedAt!: Date;
}

/** An agent and the number of its services, not counting retired ones. */
export interface AgentWithCount {
  readonly agent: AgentEntity;
  readonly serviceCount: number;
}

/** An agent as lists show it. */
export const toAgentSummary = ({ agent, serviceCount }: AgentWithCount): AgentSummary => ({
  id: agent.id,
  code: agent.code,
  name: agent.name,
  mode: agent.mode,
  status: agent.status,
  runtime: agent.runtime,
  version: agent.version,
  hostname: agent.hostname,
  os: agent.os,
  arch: agent.arch,
  registeredAt: toInstant(agent.registeredAt),
  lastHeartbeatAt: toInstantOrNull(agent.lastHeartbeatAt),
  lastSeenAt: toInstantOrNull(agent.lastHeartbeatAt),
  createdAt: toInstant(agent.createdAt),
  updatedAt: toInstant(agent.updatedAt),
  serviceCount,
  tokenReusedAt: toInstantOrNull(agent.tokenReusedAt),
  pollsDisplacedAt: toInstantOrNull(agent.pollsDisplacedAt),
});
