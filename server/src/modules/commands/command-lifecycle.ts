import { CommandOutcomeCode, type AgentStatus, type CommandStatus, type ErrorCode } from '#contracts';

/** States a command can still leave. */
export const OPEN_STATUSES: readonly CommandStatus[] = ['PENDING', 'RUNNING'];

const RETRYABLE: readonly CommandStatus[] = ['FAILED', 'EXPIRED', 'CANCELLED'];

export const isOpen = (status: CommandStatus): boolean => OPEN_STATUSES.includes(status);

export const isRetryable = (status: CommandStatus): boolean => RETRYABLE.includes(status);

interface Outcome {
  readonly errorCode: string;
  readonly errorMessage: string;
}

/** How a command that expires in `status` ended: an operator must know whether it may have run. */
export const expiryOutcome = (status: CommandStatus): Outcome =>
  status === 'RUNNING'
    ? {
        errorCode: CommandOutcomeCode.COMMAND_OUTCOME_UNKNOWN,
        errorMessage: 'The agent took the command and did not answer in time; it may have run.',
      }
    : {
        errorCode: CommandOutcomeCode.COMMAND_NOT_DELIVERED,
        errorMessage: 'The agent did not take the command in time; it did not run.',
      };

export interface AgentProblem {
  readonly code: ErrorCode;
  readonly message: string;
}

interface AgentState {
  readonly code: string;
  readonly status: AgentStatus;
  readonly lastHeartbeatAt: Date | null;
}

/** Why an agent cannot take a command now; null when it can. `cutoff`: last heard of before it is silent. */
export const agentProblem = (agent: AgentState, cutoff: Date): AgentProblem | null => {
  switch (agent.status) {
    case 'DISABLED':
      return { code: 'AGENT_DISABLED', message: `Agent ${agent.code} is disabled; enable it first.` };
    case 'REVOKED':
      return { code: 'AGENT_REVOKED', message: `Agent ${agent.code} was revoked; it must register again first.` };
    case 'OFFLINE':
      return { code: 'AGENT_OFFLINE', message: `Agent ${agent.code} is offline; start it, then try again.` };
    case 'PENDING':
      return { code: 'AGENT_NOT_READY', message: `Agent ${agent.code} has not reported in yet; try again shortly.` };
    case 'ONLINE':
      return agent.lastHeartbeatAt !== null && agent.lastHeartbeatAt >= cutoff
        ? null
        : {
            code: 'AGENT_HEARTBEAT_STALE',
            message: `Agent ${agent.code} has not been heard of for too long; check whether it runs.`,
          };
  }
};
