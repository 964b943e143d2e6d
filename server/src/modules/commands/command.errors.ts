import type { ValidationIssue } from '#contracts';
import { DomainError } from '../../common/errors.js';
import type { CommandEntity } from './command.entity.js';

/** There is no such command, or it is not one of the calling agent. */
export const commandNotFound = (id: string) => new DomainError('COMMAND_NOT_FOUND', `There is no command ${id}.`);

/** The command has already ended. */
export const commandAlreadyCompleted = (status: string) =>
  new DomainError('COMMAND_ALREADY_COMPLETED', `The command has already ended; it is ${status}.`);

/** Progress arrives after its command has expired. */
export const commandExpiredWhileRunning = () =>
  new DomainError(
    'COMMAND_EXPIRED',
    'The command has expired; stop working on it. A result you still send is kept and marked late.',
  );

/** The command cannot be created again; `why` ends the sentence. */
export const commandNotRetryable = (why: string) =>
  new DomainError('COMMAND_NOT_RETRYABLE', `The command cannot be retried: ${why}`);

/** The result exceeds the configured size. */
export const commandResultTooLarge = (maxBytes: number) =>
  new DomainError(
    'COMMAND_RESULT_TOO_LARGE',
    `A result's message, data and error may take ${maxBytes} bytes at most; send less, or a summary.`,
  );

/** The key belongs to a request with other content. */
export const idempotencyKeyReused = () =>
  new DomainError('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request; send a new key.');

/** The request to run the action lacks its confirmation. */
export const actionRequiresConfirmation = (name: string) =>
  new DomainError('ACTION_REQUIRES_CONFIRMATION', `Action ${name} must be confirmed: send confirmation: true.`);

/** The payload does not match the schema; `issues` say where. */
export const actionPayloadInvalid = (issues: readonly ValidationIssue[]) =>
  new DomainError(
    'ACTION_PAYLOAD_INVALID',
    'The payload does not match the input schema of the action; see details.issues.',
    {
      details: { issues },
    },
  );

/** How far a prepare came; `status` is `commandStatus` by its first name. */
const prepareDetails = (command: CommandEntity) => ({
  commandId: command.id,
  commandStatus: command.status,
  status: command.status,
  actionName: command.actionName,
  agentId: command.agentId,
  serviceId: command.serviceId,
  errorCode: command.errorCode,
  errorMessage: command.errorMessage,
});

/** The agent did not answer a prepare in time. */
export const prepareTimeout = (seconds: number, command: CommandEntity) =>
  new DomainError('ACTION_PREPARE_TIMEOUT', `The agent did not prepare the action within ${seconds} s; try again.`, {
    details: prepareDetails(command),
  });

/** The agent answered a prepare with a failure, or the prepare was cancelled. */
export const prepareFailed = (command: CommandEntity) =>
  new DomainError('ACTION_PREPARE_FAILED', 'The agent could not prepare the action.', {
    details: prepareDetails(command),
  });

/** The server stops while the request waits. */
export const shuttingDown = () =>
  new DomainError('SERVICE_UNAVAILABLE', 'The server is shutting down; try again shortly.', { retryAfterSeconds: 5 });
