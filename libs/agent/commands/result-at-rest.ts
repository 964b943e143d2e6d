import type { CommandResultRequest } from '#contracts';

/** Broader than what the server redacts by: a result held back needlessly only matters after a crash. */
const SECRET_KEY =
  /pass(?:word|wd|phrase)|pwd|secret|token|cookie|authorization|credential|bearer|(?:api|access|private|signing|encryption|generated)[-_ ]?key/i;
const SECRET_VALUE = /opstage_(?:reg|agent)_|\b(?:bearer|basic)\s+\S{8}|private key-----/i;

export const AGENT_RESTARTED = 'AGENT_RESTARTED';

/** What is said of a command after a crash, when its own result is not known any more. */
export const restarted = (message: string): CommandResultRequest => ({
  success: false,
  error: { code: AGENT_RESTARTED, message },
});

/** What of a result may be written to a disk: itself, or, when there may be a secret in it, a failure in its place. */
export const resultAtRest = (result: CommandResultRequest): CommandResultRequest => {
  const { startedAt, finishedAt } = result;
  const sent = asSent(result);
  if (sent && !holdsSecret(sent)) return sent;
  const ending = result.success ? 'The action succeeded' : 'The action failed';
  const lost = `${ending}, but the service restarted before the server had its result, which is kept on no disk.`;
  return { ...restarted(lost), startedAt, finishedAt };
};

/** As JSON carries it; null when it cannot. */
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

/** Flags and counts are none, and what is empty is not set. */
const mayBeSecret = (value: unknown): boolean =>
  (typeof value === 'string' && value !== '') || (typeof value === 'object' && value !== null);
