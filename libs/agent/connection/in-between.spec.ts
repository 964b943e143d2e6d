import { eventually } from '../../testing/index.js';
import { Firewall, page } from '../testing/firewall.js';
import { heldHandler } from '../testing/held-handler.js';
import { TestBench, aCommand } from '../testing/test-bench.js';

const WORK = { name: 'work', label: 'Work' };
const ANSWERS = [
  ['a moved backend', page(404, {}, '404 page not found')],
  ['a maintenance page', page(302, { location: 'https://status.example/' })],
  ['a captive portal', page(200)],
  ['a proxy that wants a name', page(401, {}, '{"error":{"code":"UNAUTHORIZED"}}')],
  ['no content', page(204, {}, '')],
  ['nothing', page(200, {}, '')],
  ['half an answer', page(200, {}, '{"success":true,"data":{"agentId":"agt_')],
  ['another service', page(410, {}, '{"success":false,"error":{"code":"GONE","message":"Moved."}}')],
  ['rubbish', page(200, { 'content-encoding': 'gzip' }, 'rubbish')],
] as const;

describe('Between the agent and its server', () => {
  let bench: TestBench;
  let firewall: Firewall;

  beforeEach(async () => {
    bench = await TestBench.open();
    firewall = await Firewall.before(bench.server.url);
  });

  afterEach(async () => {
    firewall.interfere = () => null;
    await bench.close();
    await firewall.stop();
  });

  const resultOf = ({ id }: { readonly id: string }) => eventually('the result', () => bench.server.results.get(id));
  /** Answers the calls whose path ends in one of these, until it is told to stop. */
  const answer = (instead: ReturnType<typeof page>, ...endings: string[]) => {
    firewall.interfere = ({ path }) => (endings.some((ending) => path.includes(ending)) ? instead : null);
  };
  const refusals = (count: number) => {
    const before = firewall.refused.length;
    return eventually('refused calls', () => firewall.refused.length >= before + count);
  };

  it.each(ANSWERS)(
    '%s answers every call for a while: nothing is lost, and the agent is who it was',
    async (_, instead) => {
      answer(instead, '/');
      const held = heldHandler();
      const { logged } = await bench.start({ backendUrl: firewall.url }, (agent) => agent.action(WORK, held.handler));
      await refusals(3);
      firewall.interfere = () => null;
      const command = aCommand();
      bench.server.give(command);
      await eventually('the handler', () => held.started.length);
      answer(instead, '/');
      held.end();
      await refusals(5);
      firewall.interfere = () => null;
      expect(await resultOf(command)).toMatchObject({ success: true, data: { done: true } });
      expect(bench.server.callsOf('register')).toHaveLength(1);
      expect(bench.server.callsOf('result')).toHaveLength(1);
      expect(logged('Connecting to the server failed').length).toBeGreaterThan(0);
    },
  );

  it.each(ANSWERS)('%s answers a result for a while: the whole result arrives', async (_, instead) => {
    answer(instead, '/result');
    const command = aCommand();
    bench.server.give(command);
    await bench.start({ backendUrl: firewall.url }, (agent) => agent.action(WORK, () => ({ data: { kept: true } })));
    await refusals(4);
    firewall.interfere = () => null;
    expect(await resultOf(command)).toMatchObject({ success: true, data: { kept: true } });
  });

  it('a moved backend answers one progress: the next ones are sent', async () => {
    const held = heldHandler();
    await bench.start({ backendUrl: firewall.url }, (agent) =>
      agent.action(WORK, (context) => {
        context.progress(10, 'Begun.');
        return held.handler(context);
      }),
    );
    answer(page(404), '/progress');
    const command = aCommand();
    bench.server.give(command);
    await refusals(1);
    firewall.interfere = () => null;
    await eventually('the progress', () => bench.server.progressOf(command.id)[0]);
    expect(bench.server.progressOf(command.id)[0]).toMatchObject({ percent: 10, message: 'Begun.' });
    held.end();
  });

  describe('a firewall that dislikes a word', () => {
    /** Refuses every call that contains it. */
    const dislike = (word: string) => {
      firewall.interfere = ({ body }) => (body.includes(word) ? page(403) : null);
    };

    it('gets the result without its words, and the log says so', async () => {
      dislike('DROP TABLE');
      const command = aCommand();
      bench.server.give(command);
      const { logged } = await bench.start({ backendUrl: firewall.url }, (agent) =>
        agent.action(WORK, () => ({ message: 'Ran DROP TABLE orders.', data: { rows: 0 } })),
      );
      const result = await resultOf(command);
      expect(result).toMatchObject({ success: true, message: expect.stringContaining('refused on its way') as string });
      expect(result).not.toHaveProperty('data');
      expect(logged('refuses a result')).toMatchObject([{ fields: { commandId: command.id } }]);
      expect(logged('Connected to the server.')).toHaveLength(1);
    });

    it('and every result: the agent gives up at the end of the command', async () => {
      answer(page(403), '/result');
      const command = aCommand({ expiresAt: '2026-11-01T12:00:00.400Z' });
      bench.server.give(command);
      const { logged } = await bench.start({ backendUrl: firewall.url }, (agent) => agent.action(WORK, () => 'done'));
      await eventually('the end', () => logged('A result could not be delivered').length);
      const { length } = firewall.refused;
      await eventually('heartbeats', () => bench.server.callsOf('heartbeat').length > 20);
      expect(firewall.refused).toHaveLength(length);
    });

    it('does not delay the stopping of the agent', async () => {
      answer(page(403), '/result');
      const command = aCommand();
      bench.server.give(command);
      const timeouts = { stopSeconds: 60 };
      const { agent, logged } = await bench.start({ backendUrl: firewall.url, timeouts }, (made) =>
        made.action(WORK, () => 'done'),
      );
      await refusals(1);
      await agent.stop();
      expect(logged('with unfinished commands')).toEqual([]);
      expect(logged('A result could not be delivered')).toHaveLength(1);
    });

    it('gets the health without its words, in heartbeats and reports', async () => {
      dislike('SELECT');
      const { logged } = await bench.start({ backendUrl: firewall.url }, (agent) =>
        agent.health(() => ({ status: 'DEGRADED', message: 'Slow: SELECT * FROM orders' })),
      );
      const statuses = { services: [{ code: 'orders', health: { status: 'DEGRADED' } }] };
      await eventually('a heartbeat', () =>
        bench.server.callsOf('heartbeat').some(({ body }) => 'services' in (body as object)),
      );
      await eventually(() => {
        expect(bench.server.callsOf('report').map(({ body }) => body)).toMatchObject([statuses]);
        expect(bench.server.callsOf('heartbeat').at(-1)?.body).toEqual(statuses);
      });
      await eventually('the line', () => logged('refuses what the health says').length);
      expect(logged('refuses what the health says')).toHaveLength(1);
    });
  });
});
