import type { CommandResultRequest } from '../../contracts/index.js';
import { truncate } from '../base/line-buffer.js';

const MAX_TEXT_LENGTH = 500;
const HARMLESS_CODE = /^[A-Z][A-Z0-9_]{0,79}$/;

/** The result without its data: still a success or a failure, with its own words, and why the rest is missing. */
export const withoutData = (result: CommandResultRequest, reason: string): CommandResultRequest => {
  const { success, message = '', error, startedAt, finishedAt } = result;
  const lost = success
    ? `The action succeeded, but its result could not be delivered as it was: ${reason}`
    : `Its details could not be delivered: ${reason}`;
  const words = [truncate(message, MAX_TEXT_LENGTH), truncate(lost, MAX_TEXT_LENGTH)].filter((text) => text !== '');
  return { success, message: words.join(' '), ...errorField(error, MAX_TEXT_LENGTH), startedAt, finishedAt };
};

/** The result with none of the service's words, for something in between that refuses one of them. */
export const withoutWords = (result: CommandResultRequest): CommandResultRequest => {
  const { success, error, startedAt, finishedAt } = result;
  const message = `The action ${success ? 'succeeded' : 'failed'}. What it said was refused on its way to the server.`;
  if (success) return { success, message, startedAt, finishedAt };
  const code = error && HARMLESS_CODE.test(error.code) ? error.code : 'ACTION_FAILED';
  return { success, message, error: { code, message }, startedAt, finishedAt };
};

const errorField = (error: CommandResultRequest['error'], maxLength: number): Pick<CommandResultRequest, 'error'> =>
  error ? { error: { code: truncate(error.code, 80), message: truncate(error.message, maxLength) } } : {};
