import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../../testing/index.js';
import { HttpTransport, parseBaseUrl, type WireRequest } from './http-transport.js';

describe('HttpTransport', () => {
  const servers: Server[] = [];

  afterAll(() => {
    for (const server of servers) server.close().closeAllConnections();
  });

  /** The outcome of a request to a server that behaves like this. */
  const send = async (
    listener: RequestListener,
    timeoutSeconds = 5,
    request: Partial<WireRequest> = {},
  ): Promise<unknown> => {
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
    return transport.send({ method: 'GET', path: 'api/x', ...request });
  };

  const answering =
    (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
    (_, response) =>
      response.writeHead(status, headers).end(body);

  it('keeps the path prefix of the server', async () => {
    const echo: RequestListener = ({ url }, response) => response.end(JSON.stringify({ data: url }));
    expect(await send(echo)).toBe('/prefix/api/x');
  });

  it('does not accept a response that is not from an Opstage server', async () => {
    await expect(send(answering(200, '<html>'))).rejects.toMatchObject({ name: 'NetworkError', code: 'BAD_ANSWER' });
    await expect(send(answering(200, '{}'))).rejects.toMatchObject({ name: 'NetworkError', code: 'BAD_ANSWER' });
  });

  it('gives up on a server that does not answer', async () => {
    await expect(send(() => undefined, 0.05)).rejects.toMatchObject({ name: 'NetworkError', code: 'TIMEOUT' });
  });

  it('extends the time limit for a server that holds the request', async () => {
    const late: RequestListener = (_, response) => setTimeout(() => response.end('{"data":1}'), 100);
    await expect(send(late, 0.0501)).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(await send(late, 0.05, { holdSeconds: 5 })).toBe(1);
  });

  describe('when the request is abandoned', () => {
    it('does not wait for a response', async () => {
      const controller = new AbortController();
      const listener: RequestListener = () => {
        controller.abort();
      };
      const sent = send(listener, 60, { abandoned: controller.signal });
      await expect(sent).rejects.toMatchObject({ name: 'NetworkError', code: 'NETWORK_ERROR' });
      await expect(send(listener, 60, { abandoned: AbortSignal.abort() })).rejects.toThrow('cannot be reached');
    });

    it('still reads a response that has started', async () => {
      const controller = new AbortController();
      const listener: RequestListener = (_, response) => {
        response.write('{"data":');
        controller.signal.addEventListener('abort', () => response.end('1}'));
      };
      const headed = jest.spyOn(globalThis, 'fetch');
      const sent = send(listener, 60, { abandoned: controller.signal });
      await eventually('the request', () => headed.mock.results[0]);
      await (headed.mock.results[0]?.value as Promise<Response>);
      headed.mockRestore();
      controller.abort();
      expect(await sent).toBe(1);
    });
  });

  it("passes on the server's error with the invalid fields, without secrets", async () => {
    const issues = [{ path: 'agent.code', message: 'is secret' }];
    const body = JSON.stringify({ error: { code: 'VALIDATION_FAILED', message: 'Invalid.', details: { issues } } });
    await expect(send(answering(422, body))).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'VALIDATION_FAILED',
      status: 422,
      message: 'Invalid. (agent.code: is ***)',
    });
  });

  it('reports the status of a proxy that responds in place of the server', async () => {
    await expect(send(answering(502, '<html>'))).rejects.toMatchObject({ code: 'HTTP_502', status: 502 });
  });

  it('reports the target of a redirect and does not follow it', async () => {
    const redirect = answering(308, '', { location: 'https://opstage.example/' });
    await expect(send(redirect)).rejects.toMatchObject({
      status: 308,
      message: 'The server redirects to https://opstage.example/: use that URL.',
    });
  });

  it('compares a date in Retry-After with the clock of the server', async () => {
    const at = (seconds: number) => new Date(Date.parse('2020-01-01') + seconds * 1000).toUTCString();
    const headers = { date: at(0), 'retry-after': at(40) };
    await expect(send(answering(503, '', headers))).rejects.toMatchObject({ retryAfterSeconds: 40 });
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
