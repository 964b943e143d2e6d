import type { CommandResultRequest } from '#contracts';
import { messageOf } from '../base/errors.js';
import type { ActionAnswer, Preparation } from '../base/types.js';

/** Why a command did not succeed, as the server and the operator get it. */
export class ActionError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'ActionError';
  }
}

/** The result of a handler that returned. */
export const succeeded = (answer: ActionAnswer): CommandResultRequest => {
  if (!isRecord(answer)) return { success: true };
  return isOutcome(answer) ? { success: true, ...answer } : { success: true, data: answer };
};

/** The result of a prepare. The server reads `data.inputSchema`, others of this wire `data.action.inputSchema`. */
export const prepared = ({
  initialPayload = {},
  currentState = null,
  inputSchema,
}: Preparation): CommandResultRequest => ({
  success: true,
  data: { initialPayload, currentState, ...(inputSchema && { inputSchema, action: { inputSchema } }) },
});

/** The result of whatever was thrown; its `code` when it is one of words, as `ENOENT` is. */
export const failed = (error: unknown): CommandResultRequest => ({
  success: false,
  error: { code: codeOf(error) ?? 'ACTION_FAILED', message: messageOf(error) },
});

const codeOf = (error: unknown): string | null => {
  if (!isRecord(error)) return null;
  return typeof error.code === 'string' && error.code !== '' ? error.code : null;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Only `message` and `data`, of the right kinds: anything more, and the object is the data itself. */
const isOutcome = (
  answer: Readonly<Record<string, unknown>>,
): answer is Readonly<Record<string, unknown>> & Pick<CommandResultRequest, 'message' | 'data'> =>
  Object.entries(answer).every(
    ([key, value]) =>
      (key === 'message' && (value === undefined || typeof value === 'string')) ||
      (key === 'data' && (value === undefined || isRecord(value))),
  );
