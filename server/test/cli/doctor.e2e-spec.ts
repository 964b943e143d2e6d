import { chmodSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { AgentSummary, User } from '#contracts';
import { freePort } from '#testing';
import { runOpstage, spawnOpstage } from '../support/run-opstage.js';
import { aStartedPlace, startTestApp, type TestApp } from '../support/start-test-app.js';

const startOnSqlite = async (): Promise<TestApp> => {
  const app = await startTestApp({ beside: await aStartedPlace('sqlite') });
  chmodSync(app.folder, 0o700);
  return app;
};

/** A proxy that gives up on answers that take longer. */
const aProxy = async (target: string, patienceMs: number, isLost = (_: string) => false): Promise<Server> => {
  const proxy = createServer((incoming, outgoing) => {
    const { method = 'GET', headers, url = '/' } = incoming;
    const onward = request(new URL(url, target), { method, headers }, (answer) => {
      if (isLost(url)) {
        outgoing.destroy();
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.setTimeout(patienceMs, () => onward.destroy());
    onward.once('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return proxy;
};

/** A proxy that collects an answer before it passes it on, and has no room for an export. */
const aBadProxy = async (target: string): Promise<Server> => {
  const proxy = createServer((incoming, outgoing) => {
    const { method = 'GET', headers, url = '/' } = incoming;
    if (url.includes('/export')) {
      outgoing.writeHead(502).end('<h1>Bad Gateway</h1>');
      return;
    }
    const onward = request(new URL(url, target), { method, headers }, (answer) => {
      const send = (body: Buffer) =>
        outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'content-length': body.length }).end(body);
      buffer(answer).then(send, () => outgoing.destroy());
    });
    outgoing.once('close', () => onward.destroy());
    onward.once('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return proxy;
};

const addressOf = (proxy: Server): string => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

describe('opstage doctor', () => {
  it('finds nothing to fix in an installation with a backup and an owner who changed the password', async () => {
    const app = await startOnSqlite();
    await runOpstage(app, ['users', 'reset-password', 'owner'], { input: 'a password of my own\n' });
    await runOpstage(app, ['backup']);
    const settings = { OPSTAGE_SESSION_SECRET: 'q3Zr8vKx1LmT0pWc7YbN5sHd2GfJ9uEaRtVo4iX6' };
    const { code, output } = await runOpstage(app, ['doctor'], { settings });
    expect(output).toContain('The schema is up to date.');
    expect(output).toContain('Owner owner does not use the initial password.');
    expect(output).toContain('The newest proven backup is 0 hours old.');
    expect(output).toMatch(/^0 faults, 0 warnings, 0 notices, 2 unknown, \d+ ok\.$/m);
    expect(code).toBe(0);
  });

  it('explains what to fix and how', async () => {
    const app = await startOnSqlite();
    chmodSync(`${app.folder}/opstage.db`, 0o644);
    const { code, output } = await runOpstage(app, ['doctor'], { settings: { OPSTAGE_HOST: '0.0.0.0' } });
    expect(code).toBe(1);
    expect(output).toMatch(/X FAULT +Other users of this machine can open \S+opstage\.db\.\n +chmod 600/);
    expect(output).toMatch(/X FAULT +There is no proven backup\./);
    expect(output).toMatch(/X FAULT +The server listens on 0\.0\.0\.0 without HTTPS/);
    expect(output).toMatch(/! warning +Owner owner still has the initial password\./);
    expect(output).not.toContain('correct horse');
  });

  it('changes nothing in the database, and stops at invalid settings', async () => {
    const app = await startOnSqlite();
    const before = await app.auditEvents();
    await runOpstage(app, ['doctor']);
    expect(await app.auditEvents()).toEqual(before);
    const bad = await spawnOpstage(app, ['doctor'], { settings: { OPSTAGE_PORT: 'eighty' } });
    expect(bad).toMatchObject({ code: 78, output: '', errors: expect.stringContaining('OPSTAGE_PORT') as string });
  });

  it('measures how long a proxy lets a request wait, and leaves no agent enrolled', async () => {
    const app = await startOnSqlite();
    const proxy = await aProxy(app.api.baseUrl, 1_000);
    const cut = await runOpstage(app, ['doctor', '--url', addressOf(proxy), '--hold', '5']);
    expect(cut.output).toMatch(/X FAULT +A silent request was cut off after 1 s\./);
    const direct = await runOpstage(app, ['doctor', '--url', app.api.baseUrl, '--hold', '2']);
    expect(direct.output).toContain('A silent request was held open for 2 s.');
    expect(direct.output).toContain('An export arrived whole.');
    expect(direct.output).toContain('Events arrive as they happen.');
    const agents = await (await app.signIn('owner')).get('/api/admin/agents').expectPage<AgentSummary>();
    expect(agents.data).toMatchObject([{ code: 'opstage-doctor', status: 'REVOKED' }]);
    const users = await (await app.signIn('owner')).get('/api/admin/users?q=opstage-doctor').expectPage<User>();
    expect(users.data).toMatchObject([{ username: 'opstage-doctor', status: 'DISABLED' }]);
    proxy.close();
  });

  it('says what a proxy does to exports and events', async () => {
    const app = await startOnSqlite();
    const proxy = await aBadProxy(app.api.baseUrl);
    const { code, output } = await runOpstage(app, ['doctor', '--url', addressOf(proxy), '--hold', '1']);
    expect(code).toBe(1);
    expect(output).toMatch(/X FAULT +An export did not arrive: .*502/);
    expect(output).toMatch(/! warning +Events do not arrive as they happen: .*no event arrived/);
    proxy.close();
  });

  it('revokes its agent also when the answer to the registration is lost', async () => {
    const app = await startOnSqlite();
    const proxy = await aProxy(app.api.baseUrl, 10_000, (path) => path === '/api/agents/register');
    const { output } = await runOpstage(app, ['doctor', '--url', addressOf(proxy)]);
    expect(output).toContain('Agents cannot reach the server through');
    const agents = await (await app.signIn('owner')).get('/api/admin/agents').expectPage<AgentSummary>();
    expect(agents.data).toMatchObject([{ code: 'opstage-doctor', status: 'REVOKED' }]);
    proxy.close();
  });

  it('says in one line why nothing answers at an address', async () => {
    const app = await startOnSqlite();
    const { output } = await runOpstage(app, ['doctor', '--url', `http://127.0.0.1:${await freePort()}`]);
    expect(output).toMatch(
      /X FAULT +Agents cannot reach the server through \S+: nothing listens there \(ECONNREFUSED\)\.\n/,
    );
    const typo = await runOpstage(app, ['doctor', '--url', 'opstage.example']);
    expect(typo.errors).toContain('Enter a URL that begins with http:// or https://.');
  });
});
