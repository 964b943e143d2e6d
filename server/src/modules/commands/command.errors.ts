import { AGENT_STATE_CONFLICT_STATUS, type ValidationIssue } from '#contracts';
import { DomainError } from '../../common/errors.js';
import type { AgentProblem } from '../agents/agent-availability.js';

export const commandNotFound = (id: string) => new DomainError('COMMAND_NOT_FOUND', `There is no command ${id}.`);

export const commandAlreadyCompleted = (status: string) =>
  new DomainError('COMMAND_ALREADY_COMPLETED', `The command has ended already; it is ${status}.`);

export const commandExpired = () =>
  new DomainError('COMMAND_EXPIRED', 'The command expired before this result came; the result is kept as late.');

export const commandExpiredWhileRunning = () =>
  new DomainError('COMMAND_EXPIRED', 'The command has expired; a result that still comes is kept as late.');

export const commandNotRetryable = (why: string) =>
  new DomainError('COMMAND_NOT_RETRYABLE', `The command cannot be retried: ${why}`);

export const commandResultTooLarge = (maxBytes: number) =>
  new DomainError(
    'COMMAND_RESULT_TOO_LARGE',
    `Message, data and error of a result take ${maxBytes} bytes at most; report less, or a summary.`,
  );

export const idempotencyKeyReused = () =>
  new DomainError('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request; take a new one.');

export const actionDisabled = (name: string) =>
  new DomainError('ACTION_DISABLED', `The service has disabled its action ${name}.`);

export const actionRequiresConfirmation = (name: string) =>
  new DomainError('ACTION_REQUIRES_CONFIRMATION', `Action ${name} must be confirmed: send confirmation: true.`);

export const actionPayloadInvalid = (issues: readonly ValidationIssue[]) =>
  new DomainError('ACTION_PAYLOAD_INVALID', 'The payload does not fit the action; see details.issues.', {
    details: { issues },
  });

/** The caller is allowed, the agent is not able: always a conflict. */
export const agentUnavailable = ({ code, message }: AgentProblem) =>
  new DomainError(code, message, { status: AGENT_STATE_CONFLICT_STATUS });

export const prepareTimeout = (seconds: number) =>
  new DomainError('ACTION_PREPARE_TIMEOUT', `The agent did not prepare the action within ${seconds} s; try again.`);

export const prepareFailed = (details: object) =>
  new DomainError('ACTION_PREPARE_FAILED', 'The agent could not prepare the action.', { details });

export const shuttingDown = () =>
  new DomainError('SERVICE_UNAVAILABLE', 'The server is shutting down; try again shortly.', { retryAfterSeconds: 5 });
