import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpTransport, parseBaseUrl } from './http-transport.js';

describe('HttpTransport', () => {
  const servers: Server[] = [];

  afterAll(() => {
    for (const server of servers) server.close().closeAllConnections();
  });

  /** What sending a request to a server that behaves so ends with. */
  const send = async (listener: RequestListener, timeoutSeconds = 5): Promise<unknown> => {
    const http = createServer(listener);
    servers.push(http);
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const { port } = http.address() as AddressInfo;
    const transport = new HttpTransport({
      baseUrl: parseBaseUrl(`http://127.0.0.1:${port}/prefix`),
      timeoutSeconds,
      mask: (text) => text.replace('secret', '***'),
      lifetime: new AbortController().signal,
    });
    return transport.send({ method: 'GET', path: 'api/x' });
  };

  const answering =
    (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
    (_, response) =>
      response.writeHead(status, headers).end(body);

  it('keeps the path prefix of the server', async () => {
    const echo: RequestListener = ({ url }, response) => response.end(JSON.stringify({ data: url }));
    expect(await send(echo)).toBe('/prefix/api/x');
  });

  it('does not take any other answer for one of the server', async () => {
    await expect(send(answering(200, '<html>'))).rejects.toMatchObject({ name: 'NetworkError', code: 'BAD_ANSWER' });
    await expect(send(answering(200, '{}'))).rejects.toMatchObject({ name: 'NetworkError', code: 'BAD_ANSWER' });
  });

  it('gives up on a server that does not answer', async () => {
    await expect(send(() => undefined, 0.05)).rejects.toMatchObject({ name: 'NetworkError', code: 'TIMEOUT' });
  });

  it('passes on what the server says is wrong, with the fields, without secrets', async () => {
    const issues = [{ path: 'agent.code', message: 'is secret' }];
    const body = JSON.stringify({ error: { code: 'VALIDATION_FAILED', message: 'Invalid.', details: { issues } } });
    await expect(send(answering(422, body))).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'VALIDATION_FAILED',
      status: 422,
      message: 'Invalid. (agent.code: is ***)',
    });
  });

  it('makes sense of a proxy that answers in the place of the server', async () => {
    await expect(send(answering(502, '<html>'))).rejects.toMatchObject({ code: 'HTTP_502', status: 502 });
  });

  it('names the place it is redirected to, and does not go there', async () => {
    const redirect = answering(308, '', { location: 'https://opstage.example/' });
    await expect(send(redirect)).rejects.toMatchObject({
      status: 308,
      message: 'The server redirects to https://opstage.example/: use that URL.',
    });
  });

  it.each([
    ['seconds', '7', 7],
    ['a date', new Date(Date.now() + 60_000).toUTCString(), 59],
    ['too long', '999999', 300],
    ['nonsense', 'later', 0],
    ['a past date', new Date(0).toUTCString(), 0],
  ])('reads Retry-After: %s', async (_, header, seconds) => {
    const error: unknown = await send(answering(429, '', { 'retry-after': header })).catch((thrown: unknown) => thrown);
    const { retryAfterSeconds } = error as { retryAfterSeconds: number };
    expect(Math.abs(retryAfterSeconds - seconds)).toBeLessThan(2);
  });
});
