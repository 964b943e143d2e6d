import type { CommandResultRequest } from '../../contracts/index.js';
import { messageOf } from '../base/errors.js';
import type { ActionAnswer, Preparation } from '../base/types.js';

/** Why a command failed, as reported to the server and the operator. */
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

/** The result of a prepare. The schema is sent twice because servers differ in where they read it. */
export const prepared = ({
  initialPayload = {},
  currentState = null,
  inputSchema,
}: Preparation): CommandResultRequest => ({
  success: true,
  data: { initialPayload, currentState, ...(inputSchema && { inputSchema, action: { inputSchema } }) },
});

/** The result of a handler that threw; uses the error's `code` if it is a string such as `ENOENT`. */
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

/** Whether `answer` has only `message` and `data`, of the right types; any other object is the data itself. */
const isOutcome = (
  answer: Readonly<Record<string, unknown>>,
): answer is Readonly<Record<string, unknown>> & Pick<CommandResultRequest, 'message' | 'data'> =>
  Object.entries(answer).every(
    ([key, value]) =>
      (key === 'message' && (value === undefined || typeof value === 'string')) ||
      (key === 'data' && (value === undefined || isRecord(value))),
  );
