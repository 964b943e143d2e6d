import type { Change, Role } from '#contracts';
import { eventually } from '#testing';
import { EventReader } from '../support/event-reader.js';
import { GovernedService } from '../support/governed-service.js';
import { sharedTestApp, startTestApp, type TestApp } from '../support/start-test-app.js';

let app: TestApp;
const readers: EventReader[] = [];
beforeEach(async () => {
  app = await sharedTestApp();
});
afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
});

const listen = async (role: Role = 'viewer', lastEventId?: string): Promise<EventReader> => {
  const reader = await EventReader.open(app.api, await app.signIn(role), lastEventId);
  readers.push(reader);
  await eventually('the stream has begun', () => lastEventId !== undefined || reader.events.length > 0);
  return reader;
};

describe('the stream of changes', () => {
  it('starts with ready, and follows a command from its creation to its end', async () => {
    const governed = await GovernedService.of(app);
    const reader = await listen();
    expect(reader.events).toMatchObject([{ event: 'ready' }]);
    const { id } = await governed.running();
    const about = { topic: 'command', id, agentId: governed.agent.id, serviceId: governed.service.id } as const;
    await governed.agent.progress(id, { percent: 50 }).expectOk();
    await governed.agent.complete(id, { success: true }).expectOk();
    await reader.heard({ ...about, action: 'command.completed' });
    const told = reader.changes.filter((change) => change.id === id).map(({ action }) => action);
    // Changes that happen together may be merged, but never reordered.
    const course: Change['action'][] = ['command.created', 'command.dispatched', undefined, 'command.completed'];
    expect(told).toEqual(course.filter((action) => told.includes(action)));
    expect(told.at(-1)).toBe('command.completed');
    await reader.heard({ topic: 'audit' });
  });

  it('reports agents, services, tokens and settings', async () => {
    const reader = await listen();
    const operator = await app.signIn('operator');
    const { id: tokenId } = await operator.createToken();
    await reader.heard({ topic: 'registrationToken', id: tokenId, action: 'registration_token.created' });
    const { agent, service } = await GovernedService.of(app);
    await reader.heard({ topic: 'agent', id: agent.id, action: 'agent.registered' });
    await reader.heard({ topic: 'service', id: service.id, agentId: agent.id, action: 'service.reported' });
    await agent.heartbeat({ health: { status: 'DOWN' } }).expectOk();
    await reader.heard({ topic: 'service', id: service.id, action: 'service.health.changed' });
    await (await app.signIn('owner')).patch('/api/admin/settings/maintenance', { auditRetentionDays: 30 }).expectOk();
    await reader.heard({ topic: 'settings', action: 'settings.maintenance.updated' });
  });

  it('reports neither rollbacks nor writes that change nothing', async () => {
    const governed = await GovernedService.of(app);
    await governed.agent.heartbeat({ health: { status: 'UP' } }).expectOk();
    const reader = await listen();
    await governed.execute({ payload: { text: 5 } }).expectError(422, 'ACTION_PAYLOAD_INVALID');
    await governed.agent.heartbeat({ health: { status: 'UP' } }).expectOk();
    await governed.agent.poll();
    await app.settle();
    const { id } = await governed.pending();
    await reader.heard({ topic: 'command', id });
    expect(new Set(reader.changes.map(({ topic }) => topic))).toEqual(new Set(['command', 'service', 'audit']));
    expect(reader.changes.filter(({ topic }) => topic === 'service')).toMatchObject([
      { action: 'service.action.requested' },
    ]);
  });

  it('reports users to owners only', async () => {
    const [owner, viewer] = [await listen('owner'), await listen('viewer')];
    const body = { username: 'nobody', password: 'a long enough password', role: 'viewer' };
    const created = await (await app.signIn('owner')).post('/api/admin/users', body).expectOk<{ id: string }>();
    await owner.heard({ topic: 'user', id: created.id });
    const { id } = await (await app.signIn('operator')).createToken();
    await viewer.heard({ topic: 'registrationToken', id });
    expect(viewer.changes.filter(({ topic }) => topic === 'user')).toEqual([]);
    expect(viewer.changes.some(({ topic }) => topic === 'audit')).toBe(true);
  });

  it('continues where a reader was, or says reset when it no longer can', async () => {
    const operator = await app.signIn('operator');
    const first = await listen();
    const one = await operator.createToken();
    await first.heard({ topic: 'registrationToken', id: one.id });
    first.close();
    const two = await operator.createToken();
    const second = await listen('viewer', first.lastEventId);
    await second.heard({ topic: 'registrationToken', id: two.id });
    expect(second.changes.some(({ id }) => id === one.id)).toBe(false);
    expect(second.events.some(({ event }) => event !== 'change')).toBe(false);
    const lost = await listen('viewer', 'another-process.7');
    await eventually('the reader gets a reset', () => lost.events[0]?.event === 'reset');
  });

  it('requires a signed-in user, and ends with the session', async () => {
    await app.api.get('/api/admin/events').expectError(401, 'UNAUTHORIZED');
    const agent = await app.enrolAgent();
    await app.api
      .get('/api/admin/events', { headers: { authorization: `Bearer ${agent.token}` } })
      .expectError(401, 'UNAUTHORIZED');
    const [stays, leaves] = [await listen('owner'), await listen('viewer')];
    await (await app.signIn('viewer')).post('/api/admin/auth/logout').expectOk();
    app.forgetSessions();
    await eventually('the stream has ended', () => leaves.isOver);
    expect(stays.isOver).toBe(false);
  });

  it('ends when an owner disables its user or changes the user’s role', async () => {
    app = await startTestApp();
    const owner = await app.signIn('owner');
    const [operator, viewer] = [await listen('operator'), await listen('viewer')];
    const idOf = async (role: Role): Promise<string> => (await app.signIn(role)).session.user.id;
    await owner.patch(`/api/admin/users/${await idOf('operator')}`, { role: 'viewer' }).expectOk();
    await eventually('the stream of the changed user has ended', () => operator.isOver);
    await owner.patch(`/api/admin/users/${await idOf('viewer')}`, { status: 'DISABLED' }).expectOk();
    await eventually('the stream of the disabled user has ended', () => viewer.isOver);
  });

  it('ends immediately when the server stops', async () => {
    app = await startTestApp();
    const reader = await listen();
    await app.stop();
    await eventually('the stream has ended', () => reader.isOver);
  });

  it('replaces the oldest tab of a session that has too many', async () => {
    const streams: EventReader[] = [];
    for (let i = 0; i < 17; i += 1) streams.push(await listen());
    await eventually('the oldest stream has ended', () => streams[0]!.isOver);
    expect(streams.slice(1).some(({ isOver }) => isOver)).toBe(false);
  });
});
