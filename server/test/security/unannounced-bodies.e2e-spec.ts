import { createConnection, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { aReportedService, type TestAgent } from '#testing';
import { rawRefusalOf, rawRequest, sendRaw, type RawAnswer } from '../support/raw-http.js';
import { newToken } from '../support/registration-attempts.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const JSON_TYPE = 'Content-Type: application/json';
const CHUNKED = 'Transfer-Encoding: chunked';
const MB = 1_000_000;

const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

/** Sends a body of undeclared length in two pieces. */
const sendChunked = (app: TestApp, line: string, headers: readonly string[], body: string): Promise<RawAnswer> =>
  sendRaw(
    app,
    rawRequest(
      `${line} HTTP/1.1`,
      [JSON_TYPE, CHUNKED, ...headers],
      `${chunk(body.slice(0, 10))}${chunk(body.slice(10))}0\r\n\r\n`,
    ),
  );

const text = (bytes: number, fields: object = {}): string => JSON.stringify({ ...fields, username: 'x'.repeat(bytes) });

const bigService = (bytes: number) => ({
  services: [aReportedService({ code: 'big', manifest: { kind: 'CapsuleService', text: 'x'.repeat(bytes) } as never })],
});

describe('a body of undeclared length (ASVS 5.0 2.4.1, 15.2.2)', () => {
  it('has the same size limit as one of declared length', async () => {
    const app = await startTestApp();
    const owner = await app.signIn('owner');
    const agent = await app.enrolAgent();
    const user = [`Cookie: ${owner.cookie}`, `X-CSRF-Token: ${owner.session.csrfToken}`];
    const bearer = [`Authorization: Bearer ${agent.token}`];
    const registrationToken = await newToken(app);
    const routes: readonly (readonly [string, readonly string[], number, object?])[] = [
      ['POST /api/admin/auth/login', [], 16_000],
      ['POST /api/agents/register', [], 500_000, { registrationToken }],
      ['POST /api/admin/users', user, MB],
      [`POST /api/agents/${agent.id}/services/report`, bearer, 4 * MB],
    ];
    for (const [line, headers, most, fields] of routes) {
      const send = (bytes: number) => sendChunked(app, line, headers, text(bytes, fields));
      expect(rawRefusalOf(await send(most))).toBe('413 PAYLOAD_TOO_LARGE');
      expect(rawRefusalOf(await send(most * 0.9))).toBe('422 VALIDATION_FAILED');
    }
  });

  it.each([
    ['in pieces', CHUNKED, chunk('x'.repeat(MB))],
    ['of any length', 'Content-Length: 9000000000000', 'x'.repeat(MB)],
  ])('is not read forever when it does not end: %s', async (_name, header, piece) => {
    const app = await startTestApp();
    const socket = createConnection(Number(new URL(app.api.baseUrl).port), '127.0.0.1');
    // Writing to a connection that the server has closed is the point of this test.
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const answer: Buffer[] = [];
    socket.on('data', (data: Buffer) => answer.push(data));
    socket.write(['POST /api/admin/auth/login HTTP/1.1', 'Host: localhost', JSON_TYPE, header, '', ''].join('\r\n'));
    pourInto(socket, piece);
    await closed;
    if (answer.length > 0) expect(Buffer.concat(answer).toString()).toContain('HTTP/1.1 413 ');
    await app.api.get('/health').expectOk();
  });

  describe('from an agent', () => {
    const start = async () => {
      const app = await startTestApp({ config: { agentRequestsPerSecond: 2 } });
      app.clock.stop();
      return { app, agent: await app.enrolAgent() };
    };
    const report = (app: TestApp, agent: TestAgent, body: object): Promise<RawAnswer> =>
      sendChunked(
        app,
        `POST /api/agents/${agent.id}/services/report`,
        [`Authorization: Bearer ${agent.token}`],
        JSON.stringify(body),
      );

    it('costs its actual size, like one of declared length', async () => {
      const { app, agent } = await start();
      const statuses: number[] = [];
      const spend = async (body: object): Promise<void> => {
        // Until its size is known it counts as the largest body, which takes this agent's whole budget.
        app.clock.advance(10);
        statuses.push((await report(app, agent, body)).status);
      };
      await spend(bigService(130_000));
      for (let i = 0; i < 17; i += 1) await agent.heartbeat().expectOk();
      await agent.heartbeat().expectError(429, 'RATE_LIMITED');
      await spend({ services: [] });
      for (let i = 0; i < 19; i += 1) await agent.heartbeat().expectOk();
      await agent.heartbeat().expectError(429, 'RATE_LIMITED');
      expect(statuses).toEqual([200, 200]);
    });

    it('counts as the largest body until it is complete', async () => {
      const { app, agent } = await start();
      await agent.heartbeat().expectOk();
      expect(rawRefusalOf(await report(app, agent, { services: [] }))).toBe('429 RATE_LIMITED');
      await agent.report([]).expectOk();
    });

    it('costs its uncompressed size when it is compressed', async () => {
      const { app, agent } = await start();
      app.clock.advance(10);
      await agent
        .request('POST', '/services/report', {
          rawBody: gzipSync(JSON.stringify(bigService(130_000))),
          headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
        })
        .expectOk();
      for (let i = 0; i < 17; i += 1) await agent.heartbeat().expectOk();
      await agent.heartbeat().expectError(429, 'RATE_LIMITED');
    });
  });
});

/** Sends the piece repeatedly, as fast as the server reads, until the server closes the connection. */
const pourInto = (socket: Socket, piece: string): void => {
  while (!socket.destroyed && socket.write(piece));
  if (!socket.destroyed)
    socket.once('drain', () => {
      pourInto(socket, piece);
    });
};
