import type { CommandError, CommandResultRequest, Json, JsonObject } from '../../contracts/index.js';
import { copyAsJson, describeChanges } from '../base/json-copy.js';
import { codeOf, isError, messageOf } from '../base/thrown.js';

const DEFAULT_CODE = 'ACTION_FAILED';
/** What a failure says beside its data. */
const FAILURE_FIELDS = ['success', 'message', 'code', 'error', 'data'];

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

/** A result in plain JSON, and what is not in it as the handler returned it; empty if all is. */
export interface Outcome {
  readonly result: CommandResultRequest;
  readonly changes: string;
  /** What the handler threw, for the log. */
  readonly thrown?: unknown;
}

/**
 * The result of a handler that returned `answer`: an outcome, data of any kind, a failure (`{success: false}` or an error), or
 * nothing. Never throws.
 */
export const returned = (answer: unknown): Outcome => {
  if (isError(answer)) return failed(answer);
  if (typeof answer === 'function' || typeof answer === 'symbol')
    return noted({ success: true }, `The handler returned a ${typeof answer}, which cannot be sent.`);
  const { value, changes } = copyAsJson(answer, 'result');
  return noted(resultOf(value), sentenceOf(describeChanges(changes)));
};

/** The result of a prepare. The schema is sent twice because servers differ in where they read it. */
export const prepared = (answer: unknown): Outcome => {
  const { value, changes } = copyAsJson(answer, 'preparation');
  const { initialPayload, currentState = null, inputSchema } = isRecord(value) ? value : {};
  const data: JsonObject = {
    initialPayload: isRecord(initialPayload) ? initialPayload : {},
    currentState,
    ...(isRecord(inputSchema) && { inputSchema, action: { inputSchema } }),
  };
  return noted({ success: true, data }, sentenceOf(describeChanges(changes)));
};

/** The result of a handler that threw; uses the error's `code` if it is a text such as `ENOENT`. Never throws. */
export const failed = (thrown: unknown): Outcome => ({
  result: { success: false, error: { code: codeOf(thrown) ?? DEFAULT_CODE, message: messageOf(thrown) } },
  changes: '',
  // The agent's own reasons say all there is to know.
  ...(!(isError(thrown) && thrown instanceof ActionError) && { thrown }),
});

/** A success tells the operator what it lacks; a failure has more important things to say. */
const noted = (result: CommandResultRequest, changes: string): Outcome =>
  changes === '' || !result.success
    ? { result, changes }
    : { result: { ...result, message: [result.message, changes].filter((part) => part).join(' ') }, changes };

const sentenceOf = (changes: string): string => (changes === '' ? '' : `Not sent as returned: ${changes}.`);

const resultOf = (answer: Json | undefined): CommandResultRequest => {
  if (answer === undefined || answer === null) return { success: true };
  if (!isRecord(answer)) return { success: true, data: { value: answer } };
  if (answer.success === false) return failureOf(answer);
  if (!isOutcome(answer)) return { success: true, data: answer };
  const { message, data } = answer;
  return { success: true, ...(message !== undefined && { message }), ...dataField(data) };
};

/** The failure that a handler returned instead of throwing it. */
const failureOf = (answer: JsonObject): CommandResultRequest => {
  const { error, message, code, data } = answer;
  const rest = Object.fromEntries(Object.entries(answer).filter(([key]) => !FAILURE_FIELDS.includes(key)));
  const text = typeof message === 'string' && message !== '' ? message : null;
  const own = errorOf(error, text ?? 'The action reported a failure.');
  return {
    success: false,
    error: own.code === DEFAULT_CODE && typeof code === 'string' && code !== '' ? { ...own, code } : own,
    ...(text !== null && text !== own.message && { message: text }),
    ...dataField(data ?? (Object.keys(rest).length > 0 ? rest : undefined)),
  };
};

const errorOf = (error: Json | undefined, fallback: string): CommandError => {
  if (typeof error === 'string' && error !== '') return { code: DEFAULT_CODE, message: error };
  if (!isRecord(error)) return { code: DEFAULT_CODE, message: fallback };
  const { code, message } = error;
  return {
    ...error,
    code: typeof code === 'string' && code !== '' ? code : DEFAULT_CODE,
    message: typeof message === 'string' && message !== '' ? message : fallback,
  };
};

const dataField = (data: Json | undefined): { readonly data?: JsonObject } => {
  if (data === undefined || data === null) return {};
  return { data: isRecord(data) ? data : { value: data } };
};

const isRecord = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether `answer` has only what an outcome has, of the right types; any other object is the data itself. */
const isOutcome = (answer: JsonObject): answer is { readonly message?: string; readonly data?: Json } =>
  Object.entries(answer).every(
    ([key, value]) =>
      (key === 'success' && value === true) || key === 'data' || (key === 'message' && typeof value === 'string'),
  );
