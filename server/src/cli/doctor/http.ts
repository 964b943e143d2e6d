/** Why a request failed, in a few words: `fetch` says only that it did. */
export const reasonOf = (error: unknown): string => {
  const { cause, message } = error as Error;
  const { code, message: detail } = (cause ?? {}) as { readonly code?: string; readonly message?: string };
  if (code === 'ECONNREFUSED') return 'nothing listens there (ECONNREFUSED).';
  if (code === 'ENOTFOUND') return 'there is no such host (ENOTFOUND).';
  return [detail === '' ? code : detail, message].find((text) => text !== undefined && text !== '') ?? String(error);
};

const describe = async (answer: Response): Promise<string> => {
  const body = (await answer.json().catch(() => null)) as { readonly error?: { readonly message?: string } } | null;
  const message = body?.error?.message;
  return message === undefined ? 'which is not an answer of Opstage CE.' : `“${message}”`;
};

/** Sends a request and returns the answer. @throws Error that says what was answered instead of a success */
export const fetchFrom = async (url: string, path: string, init: RequestInit = {}): Promise<Response> => {
  const answer = await fetch(url + path, { redirect: 'manual', ...init });
  const isOurs = answer.headers.has('x-request-id');
  if (answer.ok && isOurs) return answer;
  const { method = 'GET' } = init;
  throw new Error(`${method} ${path} was answered with ${answer.status}, ${await describe(answer)}`);
};
