import type { AgentStatus, ErrorCode } from '#contracts';

/** Why an agent cannot take a command. */
export interface AgentProblem {
  readonly code: ErrorCode;
  readonly message: string;
}

/** What decides whether an agent can take a command. */
export interface AgentState {
  readonly code: string;
  readonly status: AgentStatus;
  readonly lastHeartbeatAt: Date | null;
}

/** Why an agent cannot take a command now; null when it can. An agent last seen before `cutoff` is silent. */
export const unavailability = (agent: AgentState, cutoff: Date): AgentProblem | null => {
  switch (agent.status) {
    case 'DISABLED':
      return { code: 'AGENT_DISABLED', message: `Agent ${agent.code} is disabled; enable it first.` };
    case 'REVOKED':
      return { code: 'AGENT_REVOKED', message: `Agent ${agent.code} was revoked; it must register again first.` };
    case 'OFFLINE':
      return { code: 'AGENT_OFFLINE', message: `Agent ${agent.code} is offline; start it, then try again.` };
    case 'PENDING':
      return {
        code: 'AGENT_NOT_READY',
        message: `Agent ${agent.code} has not sent a heartbeat yet; try again shortly.`,
      };
    case 'ONLINE':
      return agent.lastHeartbeatAt !== null && agent.lastHeartbeatAt >= cutoff
        ? null
        : {
            code: 'AGENT_HEARTBEAT_STALE',
            message: `Agent ${agent.code} has not called for too long; check whether it is running.`,
          };
  }
};
