import type { AgentCommand } from '#contracts';
import { anAction } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});

const create = async (governed: GovernedService, count: number): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (let i = 0; i < count; i += 1) ids.push((await governed.pending({ text: `${i}` })).id);
  return ids;
};

describe('a poll', () => {
  it('claims pending commands, with their payload in the clear', async () => {
    const governed = await GovernedService.of(app, { actions: [anAction({ timeoutSeconds: 60 })] });
    const command = await governed.pending({ text: 'hello' });
    const answer = await governed.agent.request('GET', '/commands');
    const [taken] = answer.data<readonly AgentCommand[]>();
    expect(answer.json()).toEqual({
      success: true,
      data: [
        {
          id: command.id,
          type: 'ACTION_EXECUTE',
          status: 'RUNNING',
          agentId: governed.agent.id,
          serviceId: governed.service.id,
          serviceCode: governed.service.code,
          actionName: 'echo',
          payload: { text: 'hello' },
          createdAt: command.createdAt,
          startedAt: taken!.startedAt,
          expiresAt: new Date(Date.parse(taken!.startedAt) + 65_000).toISOString(),
          timeoutSeconds: 60,
        },
      ],
    });
    const { startedAt, expiresAt } = taken!;
    expect(await governed.command(command.id)).toMatchObject({ status: 'RUNNING', startedAt, expiresAt });
    expect(await governed.commandEvents(command.id, 'command.dispatched')).toMatchObject([
      {
        actorType: 'AGENT',
        actorId: governed.agent.id,
        targetType: 'Command',
        metadata: { actionName: 'echo', serviceId: governed.service.id },
      },
    ]);
    expect(await governed.agent.poll()).toEqual([]);
  });

  it('returns a payload as it was sent, whatever its keys are called', async () => {
    const governed = await GovernedService.of(app, { actions: [{ name: 'free', label: 'Takes anything' }] });
    const payload = { any: ['thing', { at: null }], constructor: 'x', toString: { valueOf: 1 }, prototype: [true] };
    expect((await governed.running(payload, 'free')).payload).toEqual(payload);
    expect((await governed.running({}, 'free')).payload).toEqual({});
  });

  it('claims the oldest first, and at most as many as it asks for', async () => {
    const governed = await GovernedService.of(app);
    const ids = await create(governed, 12);
    const take = async (query: string): Promise<readonly string[]> => {
      const answer = await governed.agent.request('GET', `/commands${query}`);
      return answer.data<readonly AgentCommand[]>().map(({ id }) => id);
    };
    expect(await take('?limit=2')).toEqual(ids.slice(0, 2));
    expect(await take('?limit=0')).toEqual(ids.slice(2, 3));
    expect(await take('')).toEqual(ids.slice(3));
  });

  it.each(['limit=999', 'limit=abc', 'limit=', 'limit=1.5', 'limit=4&limit=5', 'wait=0', 'wait=abc&x=1'])(
    'takes ten at most, whatever it asks for: %s',
    async (query) => {
      const governed = await GovernedService.of(app);
      await create(governed, 11);
      const answer = await governed.agent.request('GET', `/commands?${query}`);
      expect(answer.data<readonly AgentCommand[]>()).toHaveLength(10);
    },
  );

  it.each(['limit=-3', 'limit=0', 'limit=00'])('claims at least one: %s', async (query) => {
    const governed = await GovernedService.of(app);
    await create(governed, 2);
    const answer = await governed.agent.request('GET', `/commands?${query}`);
    expect(answer.data<readonly AgentCommand[]>()).toHaveLength(1);
  });

  it('hands each of 30 commands to exactly one of 20 concurrent polls', async () => {
    const governed = await GovernedService.of(app);
    const ids = await create(governed, 30);
    const taken: string[] = [];
    const pollOut = async (): Promise<void> => {
      for (let got = await governed.agent.poll(3); got.length > 0; got = await governed.agent.poll(3)) {
        const own = got.map(({ id }) => ids.indexOf(id));
        expect(own).toEqual([...own].sort((a, b) => a - b));
        taken.push(...got.map(({ id }) => id));
      }
    };
    await Promise.all(Array.from({ length: 20 }, pollOut));
    while (taken.length < 30) await pollOut();
    expect([...taken].sort()).toEqual([...ids].sort());
    const events = await app.auditEvents('command.dispatched');
    expect(events.filter(({ targetId }) => ids.includes(targetId!))).toHaveLength(30);
  });

  it('claims nothing of another agent, nothing cancelled and nothing expired', async () => {
    const [governed, other] = [await GovernedService.of(app), await GovernedService.of(app)];
    const { id: cancelled } = await governed.pending();
    await governed.cancel(cancelled).expectOk();
    expect(await other.agent.poll()).toEqual([]);
    expect(await governed.agent.poll()).toEqual([]);
    await governed.pending();
    app.clock.advance(300);
    expect(await governed.agent.poll()).toEqual([]);
  });
});
