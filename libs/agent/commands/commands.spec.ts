import { setTimeout as pause } from 'node:timers/promises';
import type { AgentCommand } from '../../contracts/index.js';
import { eventually } from '../../testing/index.js';
import type { CapsuleAgent } from '../capsule-agent.js';
import { heldHandler } from '../testing/held-handler.js';
import { TestBench, aCommand } from '../testing/test-bench.js';
import { accept, refuse } from '../testing/wire-server.js';

const WORK = { name: 'work', label: 'Work' };

describe('Commands', () => {
  let bench: TestBench;

  beforeEach(async () => {
    bench = await TestBench.open();
  });

  afterEach(() => bench.close());

  const resultOf = (command: AgentCommand) =>
    eventually(`the result of ${command.id}`, () => bench.server.results.get(command.id));

  it('passes the payload to the handler and its answer to the server', async () => {
    const command = aCommand({ payload: { amount: 3 } });
    bench.server.commands.push(command);
    await bench.start({}, (agent) =>
      agent.action(WORK, ({ payload }) => ({ message: 'Done.', data: { doubled: Number(payload.amount) * 2 } })),
    );
    expect(await resultOf(command)).toMatchObject({ success: true, message: 'Done.', data: { doubled: 6 } });
    expect(await resultOf(command)).toHaveProperty('finishedAt');
  });

  it('finds the service of a command by its id when the server omits the code', async () => {
    const bare = {
      ...aCommand({ serviceId: 'svc_b' }),
      serviceCode: undefined,
      payload: undefined,
    } as unknown as AgentCommand;
    const services = ['a', 'b'].map((code) => ({ id: `svc_${code}`, code }));
    bench.server.answerAlways('report', () => accept({ services }));
    await bench.start({ services: services.map(({ code }) => ({ code, name: code })) }, (agent) => {
      agent.service('a').action(WORK, () => ({ by: 'a' }));
      agent.service('b').action(WORK, () => ({ by: 'b' }));
    });
    await eventually('polls', () => bench.server.callsOf('poll').length > 1);
    bench.server.commands.push(bare);
    expect(await resultOf(bare)).toMatchObject({ success: true, data: { by: 'b' } });
  });

  it('runs a command once, however often the server dispatches it', async () => {
    const command = aCommand();
    let runs = 0;
    bench.server.answerAlways('poll', () => accept([command, command]));
    await bench.start({}, (agent) =>
      agent.action(WORK, () => {
        runs += 1;
        return undefined;
      }),
    );
    await resultOf(command);
    await eventually('more polls', () => bench.server.callsOf('poll').length > 4);
    expect(runs).toBe(1);
    expect(bench.server.callsOf('result')).toHaveLength(1);
  });

  it('requests no more commands than it can run at the same time', async () => {
    const held = heldHandler();
    bench.server.commands = [aCommand(), aCommand(), aCommand()];
    const [, , third] = bench.server.commands;
    await bench.start({ maxConcurrentCommands: 2 }, (agent) => agent.action(WORK, held.handler));
    await eventually('two handlers', () => held.started.length === 2);
    await pause(80);
    expect(held.started).toHaveLength(2);
    expect(bench.server.callsOf('poll')).toHaveLength(1);
    expect(bench.server.callsOf('poll')[0]?.query.get('limit')).toBe('2');
    held.end();
    await resultOf(third!);
  });

  it('queues commands that a server dispatches beyond the limit', async () => {
    const held = heldHandler();
    const commands = [aCommand(), aCommand()];
    bench.server.answerNext('poll', accept(commands));
    await bench.start({ maxConcurrentCommands: 1 }, (agent) => agent.action(WORK, held.handler));
    await eventually('a handler', () => held.started.length);
    await pause(40);
    expect(held.started).toHaveLength(1);
    held.end();
    await Promise.all(commands.map(resultOf));
  });

  it('aborts the handler of a cancelled command', async () => {
    const held = heldHandler();
    const command = aCommand();
    bench.server.commands.push(command);
    await bench.start({}, (agent) => agent.action(WORK, held.handler));
    await eventually('the handler', () => held.started.length);
    bench.server.cancelledCommandIds = [command.id];
    expect(await resultOf(command)).toMatchObject({ success: false, error: { code: 'COMMAND_CANCELLED' } });
    expect(held.started[0]?.signal.aborted).toBe(true);
  });

  it('fails a command before the server times it out, even if the handler ignores its signal', async () => {
    const command = aCommand({ expiresAt: '2026-11-01T12:00:00.050Z' });
    bench.server.commands.push(command);
    let signal: AbortSignal | undefined;
    await bench.start({}, (agent) =>
      agent.action(WORK, async (context) => {
        signal = context.signal;
        await new Promise(() => undefined);
        return undefined;
      }),
    );
    expect(await resultOf(command)).toMatchObject({ success: false, error: { code: 'ACTION_TIMEOUT' } });
    expect(signal?.aborted).toBe(true);
  });

  describe('that fail', () => {
    const coded = Object.assign(new Error('No stock.'), { code: 'OUT_OF_STOCK' });

    it.each([
      ['with the code of the error', coded, { code: 'OUT_OF_STOCK', message: 'No stock.' }],
      ['with a common code', new Error('Broken.'), { code: 'ACTION_FAILED', message: 'Broken.' }],
      ['with whatever was thrown', 'no error at all', { code: 'ACTION_FAILED', message: 'no error at all' }],
    ])('are reported %s', async (_, thrown: unknown, error) => {
      const command = aCommand();
      bench.server.commands.push(command);
      await bench.start({}, (agent) =>
        agent.action(WORK, () => {
          throw thrown;
        }),
      );
      expect(await resultOf(command)).toMatchObject({ success: false, error });
    });

    it.each([
      ['an action that is not declared', aCommand({ actionName: 'unheardOf' }), 'ACTION_NOT_FOUND'],
      ['a service of another agent', aCommand({ serviceCode: 'another' }), 'ACTION_NOT_FOUND'],
      ['a type of a later wire', aCommand({ type: 'ACTION_DREAM' as 'ACTION_EXECUTE' }), 'COMMAND_TYPE_UNKNOWN'],
    ])('are reported for %s', async (_, command, code) => {
      bench.server.commands.push(command);
      await bench.start({}, (agent) => agent.action(WORK, () => undefined));
      expect(await resultOf(command)).toMatchObject({ success: false, error: { code } });
    });
  });

  describe('that prepare an action', () => {
    const prepareCommand = () => aCommand({ type: 'ACTION_PREPARE' });

    const prepareWith = async (declaration: Parameters<CapsuleAgent['action']>[0]) => {
      const command = prepareCommand();
      bench.server.commands.push(command);
      await bench.start({}, (agent) => agent.action(declaration, () => ({ ran: true })));
      return resultOf(command);
    };

    it('return the initial state of the form', async () => {
      const inputSchema = { type: 'object' };
      const prepare = () => ({ initialPayload: { amount: 1 }, currentState: 'idle', inputSchema });
      expect(await prepareWith({ ...WORK, prepare })).toMatchObject({
        success: true,
        data: { initialPayload: { amount: 1 }, currentState: 'idle', inputSchema, action: { inputSchema } },
      });
    });

    it('return an empty payload when the action has no prepare', async () => {
      expect(await prepareWith(WORK)).toMatchObject({ success: true, data: { initialPayload: {} } });
    });
  });

  describe('whose result is not accepted', () => {
    const finish = async (data = {}) => {
      const command = aCommand();
      bench.server.commands.push(command);
      const started = await bench.start({}, (agent) => agent.action(WORK, () => ({ data })));
      return { command, ...started };
    };

    it('are reported until the server has the result', async () => {
      bench.server.answerNext(
        'result',
        refuse(500, 'INTERNAL_ERROR'),
        refuse(429, 'RATE_LIMITED'),
        refuse(401, 'UNAUTHORIZED'),
      );
      const { command } = await finish({ kept: true });
      expect(await resultOf(command)).toMatchObject({ success: true, data: { kept: true } });
      expect(bench.server.callsOf('result')).toHaveLength(4);
    });

    it('are reported when the server is back', async () => {
      const held = heldHandler();
      const command = aCommand();
      bench.server.commands.push(command);
      await bench.start({}, (agent) => agent.action(WORK, held.handler));
      await eventually('the handler', () => held.started.length);
      await bench.server.stop();
      held.end();
      await pause(40);
      await bench.restartServer();
      expect(await resultOf(command)).toMatchObject({ success: true, data: { done: true } });
    });

    it.each([
      [404, 'COMMAND_NOT_FOUND'],
      [409, 'COMMAND_ALREADY_COMPLETED'],
      [410, 'COMMAND_EXPIRED'],
    ])('are abandoned with a log line on %i %s', async (status, code) => {
      bench.server.answerAlways('result', () => refuse(status, code));
      const { logged } = await finish();
      const line = await eventually('the line', () => logged('A result could not be delivered')[0]);
      expect(line).toMatchObject({ level: 'warn', fields: { code, status } });
      await pause(60);
      expect(bench.server.callsOf('result')).toHaveLength(1);
    });

    it.each([
      [413, 'COMMAND_RESULT_TOO_LARGE'],
      [413, 'PAYLOAD_TOO_LARGE'],
      [422, 'VALIDATION_FAILED'],
      [400, 'REQUEST_ERROR'],
    ])('stay successes that say what they lack on %i %s', async (status, code) => {
      bench.server.answerNext('result', refuse(status, code));
      const { command, logged } = await finish({ large: 'x'.repeat(1000) });
      const result = await resultOf(command);
      expect(result).toMatchObject({
        success: true,
        message: expect.stringContaining(`Refused with ${code}.`) as string,
      });
      expect(result).not.toHaveProperty('data');
      expect(logged('A result is sent without its data')).toMatchObject([{ fields: { commandId: command.id, code } }]);
    });

    it('are sent without a word when the server refuses their words too', async () => {
      bench.server.answerNext('result', refuse(422, 'VALIDATION_FAILED'), refuse(422, 'VALIDATION_FAILED'));
      const { command } = await finish({ large: 'x' });
      expect(await resultOf(command)).toMatchObject({ success: true });
      expect(JSON.stringify(await resultOf(command))).not.toContain('Refused');
    });
  });

  describe('while the agent stops', () => {
    it('are finished and reported', async () => {
      const held = heldHandler();
      const command = aCommand();
      bench.server.commands.push(command);
      const { agent } = await bench.start({}, (made) => made.action(WORK, held.handler));
      await eventually('the handler', () => held.started.length);
      const stopped = agent.stop();
      held.end();
      await stopped;
      expect(bench.server.results.get(command.id)).toMatchObject({ success: true });
    });

    it('are aborted and reported when they take too long', async () => {
      const held = heldHandler();
      const command = aCommand();
      bench.server.commands.push(command);
      const timeouts = { stopSeconds: 0.05 };
      const { agent } = await bench.start({ timeouts }, (made) => made.action(WORK, held.handler));
      await eventually('the handler', () => held.started.length);
      await agent.stop();
      expect(bench.server.results.get(command.id)).toMatchObject({ success: false, error: { code: 'AGENT_STOPPING' } });
    });

    it('do not delay the stopping when the server is unreachable', async () => {
      const held = heldHandler();
      bench.server.commands.push(aCommand());
      const timeouts = { stopSeconds: 0.05 };
      const { agent, logged } = await bench.start({ timeouts }, (made) => made.action(WORK, held.handler));
      await eventually('the handler', () => held.started.length);
      await bench.server.stop();
      await agent.stop();
      expect(logged('The agent stops with unfinished commands')).toHaveLength(1);
    });
  });
});
