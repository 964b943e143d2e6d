import { CommandOutcomeCode, REDACTED, type Command, type CommandDetail, type CommandStatus } from '#contracts';
import type { TextKey } from '../../core/i18n/text-key';
import { OUTCOME_TEXTS } from '../../shared/commands/outcome-texts';

/** What an operator may do to a command. */
export const COMMAND_ACTS = ['cancel', 'retry'] as const;
export type CommandAct = (typeof COMMAND_ACTS)[number];

const OPEN: readonly CommandStatus[] = ['PENDING', 'RUNNING'];
const RETRYABLE: readonly CommandStatus[] = ['FAILED', 'EXPIRED', 'CANCELLED'];

/** Whether it can still change. */
export const isOpen = ({ status }: Pick<Command, 'status'>): boolean => OPEN.includes(status);

const hadSecrets = ({ payload }: Pick<Command, 'payload'>): boolean => JSON.stringify(payload).includes(REDACTED);

/** What can be done to a command in its state; one with erased secrets cannot be repeated. */
export const actsFor = (command: Command): readonly CommandAct[] => {
  if (isOpen(command)) return ['cancel'];
  const isRetryable = command.type === 'ACTION_EXECUTE' && RETRYABLE.includes(command.status) && !hadSecrets(command);
  return isRetryable ? ['retry'] : [];
};

/** Whether the command may have run, in part or completely. */
export const mayHaveRun = ({ status, errorCode, startedAt }: Command): boolean =>
  errorCode === CommandOutcomeCode.COMMAND_OUTCOME_UNKNOWN || (status === 'CANCELLED' && startedAt !== null);

/** The key of the sentence on its outcome, where the status alone does not explain it. */
export const outcomeKey = (command: Command & Partial<Pick<CommandDetail, 'result'>>): TextKey | null => {
  const { status, errorCode, startedAt } = command;
  // A cancelled command is often answered late: its handler reports that it was stopped. The answer is shown below.
  if (command.result?.late && status !== 'CANCELLED') return 'commands.outcome.late';
  const known = OUTCOME_TEXTS.get(errorCode);
  if (known !== undefined) return known;
  if (status === 'CANCELLED') return startedAt === null ? 'commands.outcome.neverTaken' : 'commands.outcome.stopped';
  if (status === 'PENDING') return 'commands.outcome.pending';
  return status === 'RUNNING' ? 'commands.outcome.running' : null;
};
