import type { ApiError } from '../../core/api/api-error';

const KEYS: Readonly<Record<string, string>> = {
  LAST_OWNER_REQUIRED: 'users.lastOwnerRequired',
  USER_ALREADY_EXISTS: 'users.alreadyExists',
};

/** The key of what to say of a refusal in the user's language; null leaves it to the server's words. */
export const refusalKey = ({ code }: ApiError): string | null => KEYS[code] ?? null;
