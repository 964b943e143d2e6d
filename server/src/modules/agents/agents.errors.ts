import { AGENT_STATE_CONFLICT_STATUS } from '#contracts';
import { DomainError, unauthorized } from '../../common/errors.js';
import type { AgentProblem } from './agent-availability.js';
import type { AgentEntity } from './agent.entity.js';

/** There is no such agent. */
export const agentNotFound = (id: string) => new DomainError('AGENT_NOT_FOUND', `There is no agent ${id}.`);

/** A registration names the code of an agent that it must not replace. */
export const agentCodeTaken = ({ id, code, status }: Pick<AgentEntity, 'id' | 'code' | 'status'>) =>
  new DomainError(
    'AGENT_CODE_TAKEN',
    `Agent ${code} ${status === 'REVOKED' ? 'was revoked' : 'is live'}. If this is the same agent, register with a token made for it, which an operator can create on its page in the console; otherwise choose another code.`,
    { details: { agentId: id, agentCode: code, agentStatus: status } },
  );

/** A registration names the code of a known agent while the server does not know yet which agents are live. */
export const agentCodeNotFreeYet = (code: string, retryAfterSeconds: number) =>
  new DomainError(
    'AGENT_CODE_TAKEN',
    `The server was away and listens for ${retryAfterSeconds} s more before it knows whether agent ${code} is live. Try again then, or register with a token made for this agent; an operator can create one on its page in the console.`,
    { retryAfterSeconds },
  );

/** The request has no agent token, or one that is not valid. */
export const agentTokenUnknown = () => unauthorized('Send a valid agent token as Authorization: Bearer.');

/** A disabled agent calls. */
export const agentDisabled = () =>
  new DomainError('AGENT_DISABLED', 'An operator disabled this agent; it can connect again once it is enabled.');

/** A revoked agent calls. */
export const agentRevoked = () =>
  new DomainError(
    'AGENT_REVOKED',
    'This agent was revoked; register it again with a registration token made for its code.',
  );

/** An agent calls with the id of another one. */
export const agentIdMismatch = () =>
  new DomainError('AGENT_ID_MISMATCH', 'This token does not belong to the agent in the address.');

/** An operator tries to enable or disable a revoked agent. */
export const agentStaysRevoked = (code: string) =>
  new DomainError(
    'AGENT_REVOKED',
    `Agent ${code} was revoked; it stays revoked until it registers again with a registration token made for it.`,
    { status: AGENT_STATE_CONFLICT_STATUS },
  );

/** The agent cannot take a command in its present state. Always a 409: the caller is an operator, not the agent. */
export const agentUnavailable = ({ code, message }: AgentProblem) =>
  new DomainError(code, message, { status: AGENT_STATE_CONFLICT_STATUS });

/** There is no such service. */
export const capsuleServiceNotFound = (id: string) =>
  new DomainError('CAPSULE_SERVICE_NOT_FOUND', `There is no service ${id}.`);

/** A registration includes a service that another live agent owns. */
export const capsuleServiceCodeTaken = (code: string) =>
  new DomainError(
    'CAPSULE_SERVICE_CODE_TAKEN',
    `Service ${code} belongs to another live agent. Choose another code, or have an operator move the service to this agent on its page in the console.`,
  );

/** A registration includes a service, and the agent has as many as it may. */
export const agentServiceLimit = (code: string) =>
  new DomainError(
    'AGENT_SERVICE_LIMIT',
    `This agent has as many services as one agent may have (OPSTAGE_AGENT_MAX_SERVICES), so service ${code} was not added.`,
  );

/** The service has no such action. */
export const actionNotFound = (name: string) =>
  new DomainError('ACTION_NOT_FOUND', `The service declares no action ${name}.`);

/** The service declares the action but does not accept it now. */
export const actionDisabled = (name: string) =>
  new DomainError('ACTION_DISABLED', `The service has disabled its action ${name}.`);
