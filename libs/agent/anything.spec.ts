import fc from 'fast-check';
import { eventually } from '../testing/index.js';
import { copyAsJson } from './base/json-copy.js';
import { codeOf, isError, messageOf, stackOf } from './base/thrown.js';
import type { ActionHandler, CommandJournal, ConfigSource, HealthCheck, LogFields, TokenStore } from './base/types.js';
import { CapsuleAgent } from './capsule-agent.js';
import { anyFunction, nastyFunctions } from './testing/anything.js';
import { TestBench, aCommand } from './testing/test-bench.js';

/** What would end the process of a service; Jest would only report it at the end. */
const watchProcess = () => {
  const ends: unknown[] = [];
  const note = (reason: unknown): void => {
    ends.push(reason);
  };
  const events = ['unhandledRejection', 'uncaughtException'] as const;
  const before = events.map((event) => process.listeners(event as 'uncaughtException'));
  for (const event of events) process.removeAllListeners(event).on(event, note);
  return () => {
    events.forEach((event, i) => {
      process.removeListener(event, note);
      for (const listener of before[i] ?? []) process.on(event as 'uncaughtException', listener);
    });
    return ends.length;
  };
};

/** In a box: a promise of the value itself would look for its `then`. */
const outcomeOf = async (call: () => unknown): Promise<{ readonly value: unknown }> => {
  try {
    return { value: await call() };
  } catch (value) {
    return { value };
  }
};

describe('Whatever a service gives or throws', () => {
  let bench: TestBench;
  let endOfWatch: () => number;

  beforeEach(async () => {
    endOfWatch = watchProcess();
    bench = await TestBench.open();
  });

  afterEach(async () => {
    await bench.close();
    expect(endOfWatch()).toBe(0);
  });

  const works = async (agent: CapsuleAgent, name: string) => {
    agent.action({ name, label: 'Proof' }, () => ({ works: true }));
    const command = aCommand({ actionName: name });
    bench.server.give(command);
    const result = await eventually('a result', () => bench.server.results.get(command.id));
    expect(result).toMatchObject({ success: true, data: { works: true } });
  };

  it('can be described, and copied into JSON', async () => {
    await fc.assert(
      fc.asyncProperty(anyFunction(), async (call) => {
        const { value } = await outcomeOf(call);
        const { value: copy } = copyAsJson(value, 'value');
        expect(typeof JSON.stringify(copy ?? null)).toBe('string');
        expect(messageOf(value)).not.toBe('');
        expect(messageOf(value).length).toBeLessThanOrEqual(2000);
        for (const read of [codeOf, stackOf, isError]) read(value);
      }),
      { numRuns: 300 },
    );
  });

  it('a handler: every command is answered', async () => {
    const handlers = [...nastyFunctions(2), ...fc.sample(anyFunction(), 30)];
    const commands = handlers.map((_, i) => aCommand({ actionName: `handler-${i}` }));
    const { agent } = await bench.start({ maxConcurrentCommands: 50 }, (made) => {
      handlers.forEach((handler, i) => {
        const declaration = { name: `handler-${i}`, label: 'Any', prepare: handler as never };
        made.action(declaration, handler as ActionHandler);
      });
    });
    bench.server.give(
      ...commands.flatMap((command) => [
        command,
        aCommand({ ...command, id: `cmd_prepare_${command.id}`, type: 'ACTION_PREPARE' }),
      ]),
    );
    await eventually('all results', () => bench.server.results.size === 2 * commands.length);
    for (const result of bench.server.results.values()) expect(typeof result.success).toBe('boolean');
    await works(agent, 'proof');
  });

  it('a handler, to its log and its progress, or when it is cancelled', async () => {
    const handlers = nastyFunctions(1);
    const started: string[] = [];
    const { agent } = await bench.start({ maxConcurrentCommands: 50 }, (made) => {
      handlers.forEach((give, i) => {
        made.action({ name: `handler-${i}`, label: 'Any' }, async ({ command, signal, log, progress }) => {
          const { value } = await outcomeOf(give);
          log(value as string, value as LogFields);
          progress(value as number, value as string);
          signal.addEventListener('abort', give);
          signal.onabort = give;
          started.push(command.id);
          await new Promise((resolve) => {
            signal.addEventListener('abort', resolve);
          });
        });
      });
    });
    const commands = handlers.map((_, i) => aCommand({ actionName: `handler-${i}` }));
    bench.server.give(...commands);
    bench.server.cancelledCommandIds = commands.map(({ id }) => id);
    await eventually('all results', () => bench.server.results.size === commands.length);
    expect(started).toHaveLength(commands.length);
    await works(agent, 'proof');
  });

  it('a health check or config function: heartbeats and reports go on', async () => {
    const checks = nastyFunctions(1);
    const services = checks.map((_, i) => ({ code: `service-${i}`, name: 'Any' }));
    const { agent } = await bench.start({ services, timeouts: { healthSeconds: 5, stopSeconds: 1 } }, (made) => {
      checks.forEach((check, i) => {
        made
          .service(`service-${i}`)
          .health(check as HealthCheck)
          .configs(check as ConfigSource);
      });
    });
    expect((await agent.runHealth()).filter(({ health }) => health.status === 'UNKNOWN')).toEqual([]);
    await eventually('reports', () => bench.server.callsOf('report').length > 0);
    await eventually('heartbeats', () => bench.server.callsOf('heartbeat').length > 3);
  });

  it('a log function', async () => {
    const sinks = nastyFunctions(2);
    let entries = 0;
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { agent } = await bench.start({
      onLog: () => sinks[(entries += 1) % sinks.length]?.(),
    });
    await eventually('entries', () => entries > 1);
    await works(agent, 'proof');
    for (let i = 0; i < sinks.length; i += 1) await works(agent, `proof-${i}`);
    expect(entries).toBeGreaterThan(sinks.length);
    write.mockRestore();
  });

  it('a token store or journal', async () => {
    let turn = 0;
    const gives = nastyFunctions(1);
    const any = (): never => gives[(turn += 1) % gives.length]?.() as never;
    const tokenStore: TokenStore = { load: any, save: any };
    const journal: CommandJournal = { open: any, write: any, close: any };
    const { agent } = await bench.start({ tokenStore, journal });
    for (let i = 0; i < 20; i += 1) await works(agent, `proof-${i}`);
  });
});
