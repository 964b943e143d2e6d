import type { Envelope, SuccessEnvelope } from '#contracts';
import type { TestOperator } from '../test-operator.js';
import type { Endpoint } from './http-connection.js';
import type { RawAnswer } from './response-reader.js';

/** Headers and body of a request. */
export interface RequestParts {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** A complete HTTP/1.1 request as text, built once and sent repeatedly. */
export const requestText = (
  { host, port }: Endpoint,
  method: string,
  path: string,
  { headers = {}, body }: RequestParts = {},
): string => {
  const content = body === undefined ? '' : JSON.stringify(body);
  const lines = [`${method} ${path} HTTP/1.1`, `Host: ${host}:${port}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (body !== undefined) lines.push('Content-Type: application/json');
  if (method !== 'GET') lines.push(`Content-Length: ${Buffer.byteLength(content)}`);
  return `${lines.join('\r\n')}\r\n\r\n${content}`;
};

/** A refusal; the message is its status and code. */
export class WireRefusal extends Error {}

/** The envelope of a successful response. @throws WireRefusal for any other */
export const successOf = <T>({ status, body }: RawAnswer): SuccessEnvelope<T> => {
  if (status === 200) return JSON.parse(body) as SuccessEnvelope<T>;
  throw new WireRefusal(`${status} ${codeOf(body)}`);
};

const codeOf = (body: string): string => {
  try {
    const envelope = JSON.parse(body) as Envelope<unknown>;
    return envelope.success ? 'success' : envelope.error.code;
  } catch {
    return body.slice(0, 80);
  }
};

/** The headers that authenticate a request as the signed-in user. */
export const operatorHeaders = ({ cookie, session }: TestOperator): Readonly<Record<string, string>> => ({
  Cookie: cookie,
  'X-CSRF-Token': session.csrfToken,
});
