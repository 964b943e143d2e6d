import { CommandOutcomeCode, type CommandStatus } from '#contracts';

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
