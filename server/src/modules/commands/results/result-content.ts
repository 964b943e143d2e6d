import { type CommandError, CommandOutcomeCode, type CommandResultRequest, type JsonObject } from '#contracts';
import { contentHash } from '../../../common/crypto/hashes.js';
import { redactObject, redactText } from '../../../common/redaction.js';
import { cut } from '../../../http/validation/texts.js';
import { parseInstant } from '../../../http/validation/fields.js';
import type { SecretValues } from '../payload/secret-values.js';
import type { CommandResultEntity } from './command-result.entity.js';

const MAX_ERROR_CODE_LENGTH = 80;
const MAX_ERROR_MESSAGE_LENGTH = 500;

/** The columns of a result that come from its agent. */
export type ResultContent = Pick<
  CommandResultEntity,
  'success' | 'message' | 'data' | 'error' | 'contentHash' | 'startedAt' | 'finishedAt'
>;

/** The size that is limited: the bytes of message, data and error as JSON. */
export const resultBytes = ({ message, data, error }: CommandResultRequest): number =>
  [message, data, error].reduce<number>((sum, part) => sum + (part ? Buffer.byteLength(JSON.stringify(part)) : 0), 0);

const textOrNull = (text: string | undefined): string | null => (text ? redactText(text) : null);

const toError = ({ success, message, error }: CommandResultRequest): CommandError | null => {
  if (success) return null;
  const { code, message: reason, ...rest }: Partial<CommandError> = error ?? {};
  return {
    ...redactObject(rest),
    code: cut(textOrNull(code) ?? CommandOutcomeCode.ACTION_FAILED, MAX_ERROR_CODE_LENGTH),
    message: textOrNull(reason) ?? textOrNull(message) ?? 'The action failed without a message.',
  };
};

/** The result without these values, in any of its texts. */
export const hideSecrets = (request: CommandResultRequest, secrets: SecretValues): CommandResultRequest => {
  if (secrets.isEmpty) return request;
  const { message, data, error } = request;
  return {
    ...request,
    ...(message !== undefined && { message: secrets.hideIn(message) }),
    ...(data !== undefined && { data: secrets.hideInJson(data) }),
    ...(error !== undefined && { error: secrets.hideInJson(error as JsonObject) as unknown as CommandError }),
  };
};

const toDate = (instant: string | undefined): Date | null => (instant ? parseInstant(instant) : null);

/** The columns of a result: redacted, with a hash that recognizes the same result when it is sent again. */
export const toResultContent = (request: CommandResultRequest): ResultContent => {
  const content = {
    success: request.success,
    message: textOrNull(request.message),
    data: request.data ? redactObject(request.data) : null,
    error: toError(request),
    startedAt: toDate(request.startedAt),
    finishedAt: toDate(request.finishedAt),
  };
  return { ...content, contentHash: contentHash(content) };
};

/** The columns of a command that repeat the error of its result; null for a success. */
export const commandError = (
  error: CommandError | null,
): { readonly errorCode: string | null; readonly errorMessage: string | null } => ({
  errorCode: error?.code ?? null,
  errorMessage: error ? cut(error.message, MAX_ERROR_MESSAGE_LENGTH) : null,
});
