import { CommandOutcomeCode, type CommandStatus } from '#contracts';

/** States a command can still leave. */
export const OPEN_STATUSES: readonly CommandStatus[] = ['PENDING', 'RUNNING'];

const RETRYABLE: readonly CommandStatus[] = ['FAILED', 'EXPIRED', 'CANCELLED'];

interface Outcome {
  readonly errorCode: string;
  readonly errorMessage: string;
}

/** Whether the command has not ended yet. */
export const isOpen = (status: CommandStatus): boolean => OPEN_STATUSES.includes(status);

/** Whether a command that ended in this status may be created again. */
export const isRetryable = (status: CommandStatus): boolean => RETRYABLE.includes(status);

/** The error of a command that expires in `status`; it says whether the command may have run. */
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
