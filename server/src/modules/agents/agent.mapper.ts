import type { AgentSummary } from '#contracts';
import { toInstant, toInstantOrNull } from '../../common/time/clock.js';
import type { AgentWithCount } from './agents.repository.js';

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
});
