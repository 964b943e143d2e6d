import { eventually } from '../../testing/index.js';
import type { ActionHandler } from '../base/types.js';
import { heldHandler } from '../testing/held-handler.js';
import { QUICK, TestBench, aCommand } from '../testing/test-bench.js';
import { refuse } from '../testing/wire-server.js';

const WORK = { name: 'work', label: 'Work' };

describe('Progress', () => {
  let bench: TestBench;

  beforeEach(async () => {
    bench = await TestBench.open();
  });

  afterEach(() => bench.close());

  const resultOf = ({ id }: { readonly id: string }) => eventually('the result', () => bench.server.results.get(id));
  const progressOf = ({ id }: { readonly id: string }) => bench.server.progressOf(id);

  const start = (handler: ActionHandler) =>
    bench.start({ intervals: { ...QUICK, heartbeatSeconds: 60 } }, (agent) => agent.action(WORK, handler));

  it('reaches the server with the log lines, and before the result', async () => {
    const command = aCommand();
    bench.server.give(command);
    await start(({ log, progress }) => {
      log('Begun.', { items: 2 });
      progress(10, 'Reading');
      progress(40);
      log('Half done.');
      return { done: true };
    });
    await resultOf(command);
    expect(progressOf(command)).toEqual([
      { percent: 40, message: 'Reading', log: ['Begun. {"items":2}', 'Half done.'] },
    ]);
    const calls = bench.server.calls.map(({ call }) => call);
    expect(calls.indexOf('progress')).toBeLessThan(calls.indexOf('result'));
  });

  it('is visible while the handler is still running', async () => {
    const held = heldHandler();
    const command = aCommand();
    bench.server.give(command);
    await start((context) => {
      context.progress(25);
      return held.handler(context);
    });
    await eventually('progress', () => progressOf(command).length);
    expect(bench.server.results.size).toBe(0);
    held.end();
    await resultOf(command);
  });

  it('returns that the command was cancelled', async () => {
    const held = heldHandler();
    const command = aCommand();
    bench.server.cancelledCommandIds.push(command.id);
    await start((context) => {
      context.progress(25);
      return held.handler(context);
    });
    bench.server.give(command);
    expect(await resultOf(command)).toMatchObject({ success: false, error: { code: 'COMMAND_CANCELLED' } });
  });

  it.each([
    ['any command', 'NOT_FOUND', 1],
    ['that command', 'COMMAND_NOT_FOUND', 2],
  ])('is silently no longer sent for %s after 404 %s', async (_, code, requests) => {
    bench.server.answerAlways('progress', () => refuse(404, code));
    const commands = [aCommand(), aCommand()];
    const { logs } = await start(({ progress, command }) => {
      progress(50);
      return { id: command.id };
    });
    for (const command of commands) {
      bench.server.give(command);
      expect(await resultOf(command)).toMatchObject({ success: true });
    }
    expect(bench.server.callsOf('progress')).toHaveLength(requests);
    expect(logs.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it.each([
    ['fails', () => refuse(500, 'INTERNAL_ERROR')],
    ['refuses it', () => refuse(422, 'VALIDATION_FAILED')],
    ['does not answer', () => new Promise<never>(() => undefined)],
  ])('does not delay the result when the server %s', async (_, answer) => {
    bench.server.answerAlways('progress', answer);
    const command = aCommand();
    bench.server.give(command);
    await start(({ progress }) => {
      progress(50);
      return { done: true };
    });
    expect(await resultOf(command)).toMatchObject({ success: true, data: { done: true } });
  });

  it('takes values of the wrong type from a handler as what they say, and never shows a token', async () => {
    const command = aCommand();
    bench.server.give(command);
    await start(({ progress, log }) => {
      log('Odd.', { count: 1n, at: { shelf: 'A' } } as never);
      progress('half' as never, 5 as never);
      progress(1, 'Using opstage_agent_canary');
      log('With opstage_reg_canary');
      return { done: true };
    });
    expect(await resultOf(command)).toMatchObject({ success: true });
    expect(progressOf(command)).toEqual([
      {
        percent: 1,
        message: 'Using opstage_agent_[REDACTED]',
        log: ['Odd. {"count":"1","at":"{\\"shelf\\":\\"A\\"}"}', 'With opstage_reg_[REDACTED]'],
      },
    ]);
  });
});
