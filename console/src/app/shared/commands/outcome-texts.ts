import { CommandOutcomeCode } from '#contracts';
import type { TextKey } from '../../core/i18n/text-key';

/** The texts of the server's own error codes of commands; agents may send others. */
export const OUTCOME_TEXTS: ReadonlyMap<string | null, TextKey> = new Map<string | null, TextKey>([
  [CommandOutcomeCode.COMMAND_NOT_DELIVERED, 'commands.outcome.notDelivered'],
  [CommandOutcomeCode.COMMAND_OUTCOME_UNKNOWN, 'commands.outcome.unknown'],
]);
