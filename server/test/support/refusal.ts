import type { Envelope } from '#contracts';
import type { ApiAnswer } from '#testing';

/** Internals that must not reach a caller: stack traces, server paths, SQL, names of drivers and libraries. */
const INTERNALS =
  /\bat .+:\d+|node_modules|\.[jt]s:\d|SELECT |INSERT |UPDATE "|SQLITE_|QueryFailed|TypeError|RangeError|TypeORM/;

/**
 * `status CODE` of an answer that must be a refusal in the envelope: with a message, a request id and no internals.
 * Anything else it returns as it came, for the expectation to show.
 */
export const refusalOf = (answer: ApiAnswer): string => {
  const shown = `${answer.status} ${answer.text.slice(0, 500)}`;
  if (!answer.headers.get('x-request-id') || INTERNALS.test(answer.text)) return `unclean: ${shown}`;
  if (!answer.headers.get('content-type')?.startsWith('application/json')) return `no envelope: ${shown}`;
  const envelope = answer.json<Envelope<unknown>>();
  if (envelope.success || !envelope.error.message.endsWith('.')) return shown;
  return `${answer.status} ${envelope.error.code}`;
};

/** The paths of the issues of a 422, each once. */
export const issuePaths = (answer: ApiAnswer): readonly string[] => {
  const { details } = answer.error(422, 'VALIDATION_FAILED');
  const { issues } = details as { readonly issues: readonly { readonly path: string }[] };
  return [...new Set(issues.map(({ path }) => path))];
};
