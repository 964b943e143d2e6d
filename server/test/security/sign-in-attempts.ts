import type { ApiAnswer, ApiClient } from '#testing';
import { OWNER } from '../support/start-test-app.js';

export const LOGIN = '/api/admin/auth/login';
export const WRONG = { ...OWNER, password: 'a wrong password here' };

/** Signs in from this forwarded address, for servers that trust their proxy. */
export const signInFrom = (api: ApiClient, address: string, credentials: object, cookie = ''): PromiseLike<ApiAnswer> =>
  api.post(LOGIN, credentials, { headers: { 'x-forwarded-for': address, ...(cookie !== '' && { cookie }) } });

/** Status codes of sign-ins made one after the other: `200`, `401` or `429`. */
export const outcomesOf = async (
  count: number,
  attempt: (index: number) => PromiseLike<ApiAnswer>,
): Promise<readonly number[]> => {
  const outcomes: number[] = [];
  for (let index = 0; index < count; index += 1) outcomes.push((await attempt(index)).status);
  return outcomes;
};

/** A different network for every number. */
export const anAddress = (index: number): string => `198.51.${Math.floor(index / 250)}.${(index % 250) + 1}`;

/** The cookie that marks a browser on which a user has signed in. */
export const deviceCookieOf = ({ headers }: ApiAnswer): string =>
  headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith('opstage_device='))
    ?.split(';')[0] ?? '';
