import type { ApiError } from '../../core/api/api-error';
import type { TextKey } from '../../core/i18n/text-key';

const KEYS: Readonly<Record<string, TextKey>> = {
  LAST_OWNER_REQUIRED: 'users.lastOwnerRequired',
  USER_ALREADY_EXISTS: 'users.alreadyExists',
};

/** The key of the text for a refusal; null shows the server's message. */
export const refusalKey = ({ code }: ApiError): TextKey | null => KEYS[code] ?? null;
