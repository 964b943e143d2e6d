import { CommandOutcomeCode } from '#contracts';

/** Keys of the sentences that say what the server's own error codes of a command mean; an agent may send any other. */
export const OUTCOME_TEXTS: ReadonlyMap<string | null, string> = new Map([
  [CommandOutcomeCode.COMMAND_NOT_DELIVERED, 'commands.outcome.notDelivered'],
  [CommandOutcomeCode.COMMAND_OUTCOME_UNKNOWN, 'commands.outcome.unknown'],
]);
