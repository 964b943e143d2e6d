import type { Change } from '#contracts';
import { eventually } from '#testing';
import { EventReader } from '../support/event-reader.js';
import { GovernedService } from '../support/governed-service.js';
import { startReplicas, type Replicas } from '../support/replicas.js';

let replicas: Replicas;
const readers: EventReader[] = [];
beforeEach(async () => {
  replicas = await startReplicas();
});
afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
});

/** A viewer's stream at the first replica. */
const listen = async (lastEventId?: string): Promise<EventReader> => {
  const reader = await EventReader.open(replicas.a.api, await replicas.a.signIn('viewer'), lastEventId);
  readers.push(reader);
  await eventually('the stream has begun', () => reader.events.length > 0);
  return reader;
};

describe('the stream of changes at one replica', () => {
  it('includes the changes made at the other, in order', async () => {
    const reader = await listen();
    const governed = await GovernedService.of(replicas.b);
    await reader.heard({ topic: 'service', id: governed.service.id, action: 'service.reported' });
    const { id } = await governed.running();
    await governed.agent.progress(id, { percent: 50 }).expectOk();
    await governed.agent.complete(id, { success: true }).expectOk();
    await reader.heard({ topic: 'command', id, agentId: governed.agent.id, action: 'command.completed' });
    const told = reader.changes.filter((change) => change.id === id).map(({ action }) => action);
    // Changes that arrive together may be merged, but never reordered.
    const course: Change['action'][] = ['command.created', 'command.dispatched', undefined, 'command.completed'];
    expect(told).toEqual(course.filter((action) => told.includes(action)));
    expect(told.at(-1)).toBe('command.completed');
    expect(reader.events.filter(({ event }) => event === 'reset')).toEqual([]);
  });

  it('ends when its session ends at the other', async () => {
    const reader = await listen();
    const viewer = (await replicas.a.signIn('viewer')).at(replicas.b.api);
    await viewer.post('/api/admin/auth/logout').expectOk();
    await eventually('the stream ends', () => reader.isOver);
  });

  it('tells a reader that comes from the other to reload everything', async () => {
    const elsewhere = await EventReader.open(replicas.b.api, (await replicas.a.signIn('viewer')).at(replicas.b.api));
    readers.push(elsewhere);
    await eventually('the stream has begun', () => elsewhere.events.length > 0);
    const reader = await listen(elsewhere.lastEventId);
    expect(reader.events).toMatchObject([{ event: 'reset' }]);
  });
});
