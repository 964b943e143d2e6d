import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { SessionSummary } from '#contracts';
import { eventually, TestOperator } from '#testing';
import { Database } from '../../src/database/database.js';
import { SessionsService } from '../../src/modules/auth/sessions/sessions.service.js';
import { signInLimits } from '../../src/modules/auth/throttle/sign-in-limits.js';
import { SignInThrottle } from '../../src/modules/auth/throttle/sign-in-throttle.js';
import { UsersRepository } from '../../src/modules/auth/users/users.repository.js';
import { EventReader } from '../support/event-reader.js';
import { OWNER, PASSWORD, startTestApp, type TestApp } from '../support/start-test-app.js';
import { LOGIN } from './sign-in-attempts.js';

const ME = '/api/admin/auth/me';
const MAX_SESSIONS = 50;
const MAX_STREAMS = 32;

/** Opens sessions as sign-ins do, one a second, without the time that passwords take. */
const openSessions = async (app: TestApp, { session: { user } }: TestOperator, count: number): Promise<void> => {
  const [sessions, users] = [app.nest.get(SessionsService), app.nest.get(UsersRepository)];
  const entity = (await users.findById(user.id))!;
  for (let index = 0; index < count; index += 1) {
    app.clock.advance(1);
    await app.nest
      .get(Database)
      .transaction((tx) => sessions.open(tx, entity, { ipAddress: '192.0.2.1', userAgent: null }));
  }
};

describe('the sessions of one user (ASVS 5.0 7.1.2)', () => {
  it('are fifty at most: a sign-in beyond ends the one that was used least recently, audited', async () => {
    const app = await startTestApp();
    const oldest = await app.signIn('viewer');
    const other = await app.signIn('owner');
    const [{ id } = { id: '' }] = (await oldest.get('/api/admin/auth/sessions').expectPage<SessionSummary>()).data;
    await openSessions(app, oldest, MAX_SESSIONS - 2);
    const { username } = oldest.session.user;
    const last = await TestOperator.signIn(app.api, username, PASSWORD);
    await oldest.get(ME).expectOk();
    expect(await app.auditEvents('session.ended')).toEqual([]);
    app.clock.advance(1);
    await TestOperator.signIn(app.api, username, PASSWORD);
    await oldest.get(ME).expectError(401, 'UNAUTHORIZED');
    for (const session of [last, other]) await session.get(ME).expectOk();
    const sessions = await last.get('/api/admin/auth/sessions?pageSize=1').expectPage<SessionSummary>();
    expect(sessions.pagination.total).toBe(MAX_SESSIONS);
    const events = await app.auditEvents('session.ended');
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      actorName: username,
      targetId: oldest.session.user.id,
      metadata: { username, ended: 1, endedIds: [id], reason: 'many' },
    });
  });
});

describe('the event streams of one user (ASVS 5.0 15.2.2)', () => {
  it('are 32 at most over all sessions: a new one ends the oldest', async () => {
    const app = await startTestApp();
    const owner = await EventReader.open(app.api, await app.signIn('owner'));
    const sessions = [await app.signIn('viewer')];
    const { username } = sessions[0]!.session.user;
    while (sessions.length < 3) sessions.push(await TestOperator.signIn(app.api, username, PASSWORD));
    const streams: EventReader[] = [];
    for (let index = 0; index <= MAX_STREAMS; index += 1) {
      streams.push(await EventReader.open(app.api, sessions[index % sessions.length]!));
    }
    await eventually('the oldest stream is over', () => streams[0]!.isOver);
    expect([owner, ...streams].filter(({ isOver }) => isOver)).toHaveLength(1);
    for (const stream of [owner, ...streams]) stream.close();
  });
});

describe('the passwords of one user (ASVS 5.0 6.1.1)', () => {
  it('are checked in turns with those of others: many right ones at once turn nobody else away', async () => {
    const app = await startTestApp();
    const { username } = (await app.newUser('viewer')).session.user;
    const gate = Promise.withResolvers<boolean>();
    const origin = { ipAddress: '192.0.2.1', userAgent: null };
    const limits = signInLimits('somebody', null, { origin, device: null });
    const held = app.nest.get(SignInThrottle).attempt(
      limits,
      () => gate.promise,
      () => Promise.resolve(),
    );
    const answered: number[] = [];
    const many = Array.from({ length: 60 }, async () => {
      answered.push((await app.api.post(LOGIN, { username, password: PASSWORD })).status);
    });
    await eventually('most of them are turned away', () => answered.length === 50);
    expect(new Set(answered)).toEqual(new Set([429]));
    const other = app.api.post(LOGIN, OWNER).expectOk();
    gate.resolve(true);
    await Promise.all([held, other, ...many]);
    expect(answered.slice(50)).toEqual(Array(10).fill(200));
  });
});

describe('a body that stops arriving (ASVS 5.0 15.2.2)', () => {
  /** Only of what the server checks bodies with: sockets have timers of their own. */
  const stopIntervals = (): void => {
    jest.useFakeTimers({
      doNotFake: [
        'Date',
        'hrtime',
        'nextTick',
        'performance',
        'queueMicrotask',
        'setImmediate',
        'clearImmediate',
      ].concat(['setTimeout', 'clearTimeout']) as never,
    });
  };
  afterEach(() => {
    jest.useRealTimers();
  });

  /** Sends the head of a request and the beginning of its body; the server waits for the rest. */
  const begin = async (app: TestApp, path: string, headers: readonly string[]): Promise<Socket> => {
    const socket = connect(Number(new URL(app.api.baseUrl).port), '127.0.0.1');
    await once(socket, 'connect');
    const before = jest.getTimerCount();
    const head = [`POST ${path} HTTP/1.1`, 'Host: localhost', 'Content-Type: application/json', 'Content-Length: 9000'];
    socket.write([...head, ...headers, '', '{"services":['].join('\r\n'));
    await eventually('the server waits', () => jest.getTimerCount() > before);
    return socket;
  };
  const answerOf = async (socket: Socket): Promise<string> => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    await once(socket, 'close');
    return text;
  };

  it('is answered 408 after some seconds, whoever sends it, and its connection is closed', async () => {
    const app = await startTestApp();
    const agent = await app.enrolAgent();
    const owner = await app.signIn('owner');
    stopIntervals();
    for (const [path, headers] of [
      [`/api/agents/${agent.id}/services/report`, [`Authorization: Bearer ${agent.token}`]],
      ['/api/admin/registration-tokens', [`Cookie: ${owner.cookie}`, `X-CSRF-Token: ${owner.session.csrfToken}`]],
      ['/api/agents/register', []],
    ] as const) {
      const socket = await begin(app, path, headers);
      const answer = answerOf(socket);
      jest.advanceTimersByTime(10_000);
      expect(await answer).toMatch(/^HTTP\/1\.1 408 [^]*"REQUEST_ERROR"/);
    }
  });

  it('may be slow as long as it keeps coming', async () => {
    const app = await startTestApp();
    const agent = await app.enrolAgent();
    stopIntervals();
    const connected = once(app.nest.getHttpServer(), 'connection') as Promise<[Socket]>;
    const path = `/api/agents/${agent.id}/services/report`;
    const socket = await begin(app, path, [`Authorization: Bearer ${agent.token}`]);
    const [served] = await connected;
    const answer = answerOf(socket);
    const begun = '{"services":['.length;
    const part = 3_000;
    for (let sent = 0; sent < 2 * part; sent += part) {
      const before = served.bytesRead;
      socket.write(' '.repeat(part));
      await eventually('the part arrives', () => served.bytesRead >= before + part);
      jest.advanceTimersByTime(10_000);
    }
    socket.end(`${' '.repeat(9_000 - 2 * part - begun - 2)}]}`);
    expect(await answer).toMatch(/^HTTP\/1\.1 200 /);
  });
});
