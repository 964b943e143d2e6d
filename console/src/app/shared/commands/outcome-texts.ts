import { CommandOutcomeCode } from '#contracts';

/** Keys of the sentences that say what the server's own error codes of a command mean. */
export const OUTCOME_TEXTS: Readonly<Record<string, string>> = {
  [CommandOutcomeCode.COMMAND_NOT_DELIVERED]: 'commands.outcome.notDelivered',
  [CommandOutcomeCode.COMMAND_OUTCOME_UNKNOWN]: 'commands.outcome.unknown',
};
