import type { CommandResultRequest } from '../../contracts/index.js';

/** Broader than the server's redaction: withholding a harmless result only matters after a crash. */
const SECRET_KEY =
  /pass(?:word|wd|phrase)|pwd|secret|token|cookie|authorization|credential|bearer|(?:api|access|private|signing|encryption|generated)[-_ ]?key/i;
const SECRET_VALUE = /opstage_(?:reg|agent)_|\b(?:bearer|basic)\s+\S{8}|private key-----/i;

export const AGENT_RESTARTED = 'AGENT_RESTARTED';

/** The result of a command whose own result was lost in a crash. */
export const restarted = (message: string): CommandResultRequest => ({
  success: false,
  error: { code: AGENT_RESTARTED, message },
});

/** The form of a result that may be written to disk: itself, or a failure in its place if it may contain a secret. */
export const resultAtRest = (result: CommandResultRequest): CommandResultRequest => {
  const { startedAt, finishedAt } = result;
  const sent = asSent(result);
  if (sent && !holdsSecret(sent)) return sent;
  const ending = result.success ? 'The action succeeded' : 'The action failed';
  const lost = `${ending}, but the service restarted before it could deliver the result, which is never stored on disk.`;
  return { ...restarted(lost), startedAt, finishedAt };
};

/** The result as JSON carries it; null when it cannot be serialised. */
const asSent = (result: CommandResultRequest): CommandResultRequest | null => {
  try {
    return JSON.parse(JSON.stringify(result)) as CommandResultRequest;
  } catch {
    return null;
  }
};

const holdsSecret = (value: unknown): boolean => {
  if (typeof value === 'string') return SECRET_VALUE.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([key, item]) => (SECRET_KEY.test(key) && mayBeSecret(item)) || SECRET_VALUE.test(key) || holdsSecret(item),
  );
};

/** Booleans and numbers are not secrets, and an empty string is not set. */
const mayBeSecret = (value: unknown): boolean =>
  (typeof value === 'string' && value !== '') || (typeof value === 'object' && value !== null);
