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
    const echo: RequestListener = ({ url }, response) => response.end(JSON.stringify({ success: true, data: url }));
    expect(await send(echo)).toBe('/prefix/api/x');
  });

  describe('takes only our envelope for an answer of the server', () => {
    const html = '<html><body>Sign in to the guest network</body></html>';
    const foreign = { error: { code: 'BLOCKED', message: 'No.' } };

    it.each([
      ['a page with 200', 200, html, 'BAD_ANSWER'],
      ['no content', 204, '', 'BAD_ANSWER'],
      ['an empty answer', 200, '', 'BAD_ANSWER'],
      ['JSON that is cut off', 200, '{"success":true,"da', 'BAD_ANSWER'],
      ['JSON of another program', 200, '{"data":{"agentId":"agt_1"}}', 'BAD_ANSWER'],
      ['a text for a boolean', 200, '{"success":"true","data":{}}', 'BAD_ANSWER'],
      ['a success without data', 200, '{"success":true}', 'BAD_ANSWER'],
      ['an error with 200', 200, '{"success":false,"error":{"code":"NOT_FOUND","message":"No."}}', 'BAD_ANSWER'],
      ['a list', 200, '[]', 'BAD_ANSWER'],
      ['a moved backend', 404, '404 page not found', 'HTTP_404'],
      ['a firewall', 403, html, 'HTTP_403'],
      ['a firewall that speaks JSON', 403, JSON.stringify({ success: false, ...foreign }), 'HTTP_403'],
      ['a gateway that speaks JSON', 401, '{"message":"Unauthorized"}', 'HTTP_401'],
      ['an error of ours without its success', 401, '{"error":{"code":"UNAUTHORIZED","message":"No."}}', 'HTTP_401'],
      ['a success with an error status', 500, '{"success":true,"data":{}}', 'HTTP_500'],
      ['a proxy without a backend', 502, html, 'HTTP_502'],
      ['an inherited name as a code', 404, '{"success":false,"error":{"code":"toString"}}', 'HTTP_404'],
    ])('and not %s', async (_, status, body, code) => {
      await expect(send(answering(status, body))).rejects.toMatchObject({ name: 'NetworkError', code, status });
    });

    it('and not compressed rubbish', async () => {
      const rubbish = answering(200, 'rubbish', { 'content-encoding': 'gzip' });
      await expect(send(rubbish)).rejects.toMatchObject({ name: 'NetworkError' });
    });

    it('and not an endless answer', async () => {
      const endless: RequestListener = (_, response) => {
        const chunk = 'x'.repeat(1_000_000);
        const write = (): void => {
          while (!response.destroyed && response.write(chunk));
          if (!response.destroyed) response.once('drain', write);
        };
        write();
      };
      await expect(send(endless, 60)).rejects.toMatchObject({ name: 'NetworkError', code: 'BAD_ANSWER' });
    });

    it('and waits as long as whoever answered asks', async () => {
      const busy = answering(503, html, { 'retry-after': '7' });
      await expect(send(busy)).rejects.toMatchObject({ name: 'NetworkError', retryAfterSeconds: 7 });
    });
  });

  it('gives up on a server that does not answer', async () => {
    await expect(send(() => undefined, 0.05)).rejects.toMatchObject({ name: 'NetworkError', code: 'TIMEOUT' });
  });

  it('extends the time limit for a server that holds the request', async () => {
    const late: RequestListener = (_, response) => setTimeout(() => response.end('{"success":true,"data":1}'), 100);
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
        response.write('{"success":true,"data":');
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
    const body = JSON.stringify({
      success: false,
      error: { code: 'VALIDATION_FAILED', message: 'Invalid.', details: { issues } },
    });
    await expect(send(answering(422, body))).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'VALIDATION_FAILED',
      status: 422,
      message: 'Invalid. (agent.code: is ***)',
    });
  });

  it('reports the target of a redirect and does not follow it', async () => {
    const redirect = answering(308, '', { location: 'https://opstage.example/' });
    await expect(send(redirect)).rejects.toMatchObject({
      name: 'NetworkError',
      status: 308,
      message: expect.stringContaining('it redirects to https://opstage.example/. If that') as string,
    });
  });

  it('compares a date in Retry-After with the clock of the server', async () => {
    const at = (seconds: number) => new Date(Date.parse('2020-01-01') + seconds * 1000).toUTCString();
    const headers = { date: at(0), 'retry-after': at(40) };
    await expect(send(answering(503, '', headers))).rejects.toMatchObject({ retryAfterSeconds: 40 });
  });

  it.each([
    ['seconds', '7', 7],
    ['a date', new Date(60_000).toUTCString(), 60],
    ['too long', '999999', 300],
    ['nonsense', 'later', 0],
    ['a past date', new Date(-60_000).toUTCString(), 0],
  ])('reads Retry-After: %s', async (_, header, retryAfterSeconds) => {
    const headers = { date: new Date(1000).toUTCString(), 'retry-after': header };
    const expected = header.endsWith('GMT') ? Math.max(retryAfterSeconds - 1, 0) : retryAfterSeconds;
    await expect(send(answering(429, '', headers))).rejects.toMatchObject({ retryAfterSeconds: expected });
  });
});
