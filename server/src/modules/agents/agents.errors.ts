import { AGENT_STATE_CONFLICT_STATUS } from '#contracts';
import { DomainError, unauthorized } from '../../common/errors.js';
import type { AgentProblem } from './agent-availability.js';

export const agentNotFound = (id: string) => new DomainError('AGENT_NOT_FOUND', `There is no agent ${id}.`);

export const agentCodeTaken = (code: string) =>
  new DomainError(
    'AGENT_CODE_TAKEN',
    `Agent ${code} is live or was revoked. Choose another code, or register with a token made for this agent: an operator makes one on its page in the console.`,
  );

/** What whoever calls as an agent is told without a token of one. */
export const agentTokenUnknown = () => unauthorized('Send a valid agent token as Authorization: Bearer.');

/** What a disabled agent is told. */
export const agentDisabled = () =>
  new DomainError('AGENT_DISABLED', 'This agent was disabled by an operator; it may come back once it is enabled.');

/** What a revoked agent is told. */
export const agentRevoked = () =>
  new DomainError(
    'AGENT_REVOKED',
    'This agent was revoked; it needs a registration token made for its agent code to come back.',
  );

export const agentIdMismatch = () =>
  new DomainError('AGENT_ID_MISMATCH', 'The agent id in the address is not the one this token belongs to.');

/** What an operator is told who wants a revoked agent enabled or disabled. */
export const revokedAgentStays = (code: string) =>
  new DomainError(
    'AGENT_REVOKED',
    `Agent ${code} was revoked and stays so until it registers again with a registration token made for it.`,
    { status: AGENT_STATE_CONFLICT_STATUS },
  );

/** The caller is allowed to, but the agent cannot take a command in its present state: always a conflict. */
export const agentUnavailable = ({ code, message }: AgentProblem) =>
  new DomainError(code, message, { status: AGENT_STATE_CONFLICT_STATUS });

export const capsuleServiceNotFound = (id: string) =>
  new DomainError('CAPSULE_SERVICE_NOT_FOUND', `There is no service ${id}.`);

export const capsuleServiceCodeTaken = (code: string) =>
  new DomainError(
    'CAPSULE_SERVICE_CODE_TAKEN',
    `Service ${code} belongs to another agent that is live. Choose another code, or have an operator move the service here on its page in the console.`,
  );

export const actionNotFound = (name: string) =>
  new DomainError('ACTION_NOT_FOUND', `The service declares no action ${name}.`);

export const actionDisabled = (name: string) =>
  new DomainError('ACTION_DISABLED', `The service has disabled its action ${name}.`);
