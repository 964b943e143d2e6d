import { type AuditAction, CommandOutcomeCode, type CommandStatus } from '#contracts';

/** States a command can still leave. */
export const OPEN_STATUSES: readonly CommandStatus[] = ['PENDING', 'RUNNING'];

/** The events after which a command is pending. */
export const PENDING_EVENTS: ReadonlySet<AuditAction | undefined> = new Set(['command.created', 'command.returned']);

/** The events that end a command. */
export const END_EVENTS: ReadonlySet<AuditAction | undefined> = new Set([
  'command.completed',
  'command.failed',
  'command.cancelled',
  'system.command.expired',
]);

const RETRYABLE: readonly CommandStatus[] = ['FAILED', 'EXPIRED', 'CANCELLED'];

/** How a command ended that was not answered. */
export interface Outcome {
  readonly errorCode: string;
  readonly errorMessage: string;
}

/** Whether the command has not ended yet. */
export const isOpen = (status: CommandStatus): boolean => OPEN_STATUSES.includes(status);

/** Whether a command that ended in this status may be created again. */
export const isRetryable = (status: CommandStatus): boolean => RETRYABLE.includes(status);

/** It was never handed out, or its agent says that it never arrived: it did not run. */
export const NOT_DELIVERED: Outcome = {
  errorCode: CommandOutcomeCode.COMMAND_NOT_DELIVERED,
  errorMessage: 'The agent did not take the command in time; it did not run.',
};

/** No configured secret opens its payload. */
export const UNDELIVERABLE: Outcome = {
  errorCode: CommandOutcomeCode.COMMAND_NOT_DELIVERED,
  errorMessage:
    'The payload is sealed with a session secret that is no longer configured, so the command could not be delivered; it did not run.',
};

const OUTCOME_UNKNOWN: Outcome = {
  errorCode: CommandOutcomeCode.COMMAND_OUTCOME_UNKNOWN,
  errorMessage: 'The agent took the command and did not answer in time; it may have run.',
};

/** The error of a command that expires in `status`; it says whether the command may have run. */
export const expiryOutcome = (status: CommandStatus): Outcome =>
  status === 'RUNNING' ? OUTCOME_UNKNOWN : NOT_DELIVERED;
