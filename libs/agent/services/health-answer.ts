import { HealthStatus, type Health, type Json, type JsonObject } from '../../contracts/index.js';
import { copyAsJson, describeChanges } from '../base/json-copy.js';
import { truncate } from '../base/line-buffer.js';
import { messageOf } from '../base/thrown.js';

/** The bounds of the server. */
const MAX_MESSAGE_LENGTH = 2000;
const MAX_DETAILS_LENGTH = 10_000;
/** Of the message about a failed check. */
const MAX_REASON_LENGTH = 500;

/** A health that can be sent, and what is wrong with the answer it is made of; empty if nothing is. */
export interface ReadHealth {
  readonly health: Health;
  readonly problem: string;
}

/**
 * The health that a check's answer means. A known status counts whatever is wrong with its words: they are shortened or left
 * out. DOWN without one. Never throws.
 */
export const readHealth = (answer: unknown): ReadHealth => {
  const { value, changes } = copyAsJson(answer, 'health');
  const { status, message, details } = isRecord(value) ? value : {};
  if (typeof status !== 'string' || !Object.hasOwn(HealthStatus, status))
    return { health: down('The health check returned no known status.'), problem: '' };
  const text =
    message === undefined || message === null || typeof message === 'string' ? message : JSON.stringify(message);
  const problems = [describeChanges(changes)];
  if (text && text.length > MAX_MESSAGE_LENGTH)
    problems.push(`the message was shortened to ${MAX_MESSAGE_LENGTH} characters`);
  const isTooLong = details !== undefined && JSON.stringify(details).length > MAX_DETAILS_LENGTH;
  if (isTooLong)
    problems.push(`the details were left out, because they are longer than ${MAX_DETAILS_LENGTH} characters`);
  return {
    health: {
      status: status as HealthStatus,
      ...(text && { message: truncate(text, MAX_MESSAGE_LENGTH) }),
      ...(!isTooLong && detailsField(details)),
    },
    problem: problems.filter((problem) => problem !== '').join('; '),
  };
};

/** The health of a service whose check threw, or took too long. */
export const failedHealth = (thrown: unknown): Health =>
  down(`The health check failed: ${truncate(messageOf(thrown), MAX_REASON_LENGTH)}`);

const down = (message: string): Health => ({ status: 'DOWN', message });

const detailsField = (details: Json | undefined): { readonly details?: JsonObject } => {
  if (details === undefined || details === null) return {};
  return { details: isRecord(details) ? details : { value: details } };
};

const isRecord = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
