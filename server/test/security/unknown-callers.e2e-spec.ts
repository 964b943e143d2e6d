import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { anAgentDescription } from '#testing';
import { BEHIND_PROXY, Ipv6Block } from '../support/edges/ipv6-block.js';
import { newToken, REGISTER } from '../support/registration-attempts.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('an unauthenticated caller (ASVS 5.0 4.2.1, 15.2.2)', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });

  it('is refused before the body is read', async () => {
    const agent = await app.enrolAgent();
    const options = { rawBody: '{"this is": no JSON', headers: JSON_TYPE };
    for (const path of ['heartbeat', 'services/report', 'commands/cmd_1/result', 'commands/cmd_1/progress']) {
      await app.api.request('POST', `/api/agents/${agent.id}/${path}`, options).expectError(401, 'UNAUTHORIZED');
      await agent.request('POST', `/${path}`, options).expectError(400, 'REQUEST_ERROR');
    }
    await app.api.request('POST', '/api/admin/users', options).expectError(401, 'UNAUTHORIZED');
  });

  it('is answered even if the body never arrives', async () => {
    const { id } = await app.enrolAgent();
    const socket = createConnection(Number(new URL(app.api.baseUrl).port), '127.0.0.1');
    socket.write(
      [
        `POST /api/agents/${id}/services/report HTTP/1.1`,
        'Host: localhost',
        'Content-Type: application/json',
        'Content-Length: 3999999',
        '',
        '{"services":[',
      ].join('\r\n'),
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 401 /);
    socket.destroy();
  });

  it('can send only as much as a sign-in or a registration needs', async () => {
    const text = (bytes: number) => ({ rawBody: JSON.stringify({ username: 'x'.repeat(bytes) }), headers: JSON_TYPE });
    await app.api.request('POST', '/api/admin/auth/login', text(16_000)).expectError(413, 'PAYLOAD_TOO_LARGE');
    await app.api.request('POST', REGISTER, text(500_000)).expectError(413, 'PAYLOAD_TOO_LARGE');
    await app.api.request('POST', REGISTER, text(70_000)).expectError(413, 'PAYLOAD_TOO_LARGE');
    await app.api.request('POST', REGISTER, text(60_000)).expectError(422, 'VALIDATION_FAILED');
    const owner = await app.signIn('owner');
    await owner.request('POST', '/api/admin/users', text(1_000_000)).expectError(413, 'PAYLOAD_TOO_LARGE');
    await owner.request('POST', '/api/admin/users', text(900_000)).expectError(422, 'VALIDATION_FAILED');
  });
});

describe('refused registration tokens', () => {
  it('are limited by address, and by /64 for IPv6', async () => {
    const app = await startTestApp({ config: { ...BEHIND_PROXY } });
    app.clock.stop();
    const body = { registrationToken: 'opstage_reg_unknown', agent: anAgentDescription() };
    const block = new Ipv6Block(app.api);
    for (let i = 0; i < 60; i += 1) await block.post(REGISTER, body).expectError(401, 'REGISTRATION_TOKEN_INVALID');
    await block.post(REGISTER, body).expectError(429, 'RATE_LIMITED');
    await new Ipv6Block(app.api, '2001:db8:1:3').post(REGISTER, body).expectError(401, 'REGISTRATION_TOKEN_INVALID');
    await app.api.post(REGISTER, body).expectError(401, 'REGISTRATION_TOKEN_INVALID');
    // A token that exists is no guess.
    const registrationToken = await newToken(app);
    await block.post(REGISTER, { ...body, registrationToken }).expectOk();
  });
});

describe('connections of one address', () => {
  const open = async (app: TestApp): Promise<Socket> => {
    const socket = createConnection(Number(new URL(app.api.baseUrl).port), '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  };
  /** Sends a request on this connection, and waits for the status line. */
  const ask = async (socket: Socket, path: string, header = 'Accept: */*'): Promise<string> => {
    const answered = once(socket, 'data') as Promise<[Buffer]>;
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${header}\r\n\r\n`);
    return (await answered)[0].toString().split('\r\n')[0]!;
  };

  it('are limited until they authenticate: a new one replaces the one idle longest', async () => {
    const app = await startTestApp({ config: { unauthenticatedConnectionsPerAddress: 3 } });
    const agent = await app.enrolAgent();
    const known = await open(app);
    const own = `/api/agents/${agent.id}/commands`;
    expect(await ask(known, own, `Authorization: Bearer ${agent.token}`)).toBe('HTTP/1.1 200 OK');
    const quiet = await open(app);
    const gone = once(quiet, 'close');
    quiet.on('error', () => undefined);
    // Each sends a request, so that the server has seen them in this order.
    const others: Socket[] = [];
    for (let i = 0; i < 4; i += 1) {
      const other = await open(app);
      other.on('error', () => undefined);
      expect(await ask(other, '/health')).toBe('HTTP/1.1 200 OK');
      others.push(other);
    }
    await gone;
    expect(await ask(others.at(-1)!, '/health')).toBe('HTTP/1.1 200 OK');
    expect(await ask(known, own, `Authorization: Bearer ${agent.token}`)).toBe('HTTP/1.1 200 OK');
    for (const socket of [known, ...others]) socket.destroy();
  });

  it('are closed when a request never completes, while a slow answer is allowed', async () => {
    const app = await startTestApp();
    const server = app.nest.getHttpServer() as { headersTimeout: number; requestTimeout: number };
    expect(server.headersTimeout).toBeLessThanOrEqual(15_000);
    expect(server.requestTimeout).toBeLessThanOrEqual(60_000);
    expect(server.requestTimeout).toBeGreaterThan(0);
  });
});
