import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../testing/index.js';
import { AgentLog } from '../base/agent-log.js';
import type { ActionDeclaration, ConfigSource, HealthCheck, LogEntry, ServiceDescription } from '../base/types.js';
import { HostedService } from './hosted-service.js';

const nested = (type: string): object => ({ type: 'object', properties: { a: { type: 'array', items: { type } } } });

describe('A service of an agent', () => {
  let logs: LogEntry[];

  beforeEach(() => {
    logs = [];
  });

  const aService = (description: Partial<ServiceDescription> = {}, limitSeconds = 0.02) =>
    new HostedService(
      { code: 'orders', name: 'Orders', ...description },
      {
        runtime: 'nodejs',
        agentMode: 'embedded',
        limitSeconds,
        log: new AgentLog((entry) => logs.push(entry)),
        onChange: () => undefined,
      },
    );
  const withCheck = (check: () => unknown) => aService().health(check as HealthCheck);

  describe('whose health is checked', () => {
    it('reports what the check returns', async () => {
      const health = { status: 'DEGRADED', message: 'Slow.', details: { queue: 7 } };
      expect(await withCheck(() => Promise.resolve(health)).checkHealth()).toEqual(health);
    });

    it('is UNKNOWN without a check', async () => {
      expect(await aService().checkHealth()).toMatchObject({ status: 'UNKNOWN' });
    });

    it.each<[string, () => unknown, string]>([
      ['throws', () => Promise.reject(new Error('No database.')), 'No database.'],
      ['takes too long', () => new Promise(() => undefined), 'longer than 0.02 seconds'],
      ['returns nothing', () => undefined, 'no known status'],
      ['returns something else', () => ({ status: 'FINE' }), 'no known status'],
      ['returns the name of an inherited property', () => ({ status: 'toString' }), 'no known status'],
    ])('is DOWN when the check %s', async (_, check, reason) => {
      const health = await withCheck(check).checkHealth();
      expect(health).toMatchObject({ status: 'DOWN', message: expect.stringContaining(reason) as string });
    });

    it.each<[string, object, object]>([
      ['a long message', { message: 'x'.repeat(2001) }, { message: `${'x'.repeat(1999)}…` }],
      ['a message that is none', { message: { at: 1 } }, { message: '{"at":1}' }],
      ['what JSON cannot hold', { details: { big: 1n } }, { details: { big: '1' } }],
      ['a list as details', { details: [1] }, { details: { value: [1] } }],
      ['large details', { details: { large: 'x'.repeat(10_000) } }, {}],
    ])('keeps its status with %s', async (_, words, sent) => {
      const service = withCheck(() => ({ status: 'DOWN', ...words }));
      expect(await service.checkHealth()).toEqual({ status: 'DOWN', ...sent });
    });

    it('says once what is left out', async () => {
      const service = withCheck(() => ({ status: 'UP', message: 'x'.repeat(2001) }));
      await service.checkHealth();
      await service.checkHealth();
      expect(logs).toMatchObject([{ level: 'warn', message: expect.stringContaining('was shortened') as string }]);
    });

    it('never runs a check that hangs a second time, and tells it that the time is up', async () => {
      const signals: AbortSignal[] = [];
      let end: () => void = () => undefined;
      const service = aService().health(({ signal }) => {
        signals.push(signal);
        return new Promise((resolve) => {
          end = () => {
            resolve({ status: 'UP' });
          };
        });
      });
      for (let i = 0; i < 5; i += 1) expect(await service.checkHealth()).toMatchObject({ status: 'DOWN' });
      expect(await service.checkHealth()).toMatchObject({
        message: expect.stringContaining('still running') as string,
      });
      expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
      end();
      await pause(0);
      expect((await Promise.all([service.checkHealth(), service.checkHealth()])).length).toBe(2);
      expect(signals).toHaveLength(2);
    });
  });

  describe('whose configs are read', () => {
    const configsOf = async (source: unknown) =>
      (
        await aService()
          .configs(source as ConfigSource)
          .describe()
      ).configs;

    it('reports the good ones, and says which are not', async () => {
      const good = { key: 'region', type: 'string', valuePreview: 5n };
      const bad = [null, 7, { type: 'string' }, { key: 'typeless' }];
      expect(await configsOf([...bad, good])).toEqual([{ key: 'region', type: 'string', valuePreview: '5' }]);
      expect(logs).toMatchObject([{ message: expect.stringContaining('4 of the items have no key') as string }]);
    });

    it.each<[string, unknown]>([
      ['no list', { key: 'region' }],
      ['nothing', () => undefined],
      ['an error', () => Promise.reject(new Error('No vault.'))],
    ])('reports none when it gets %s', async (_, source) => {
      expect(await configsOf(source)).toBeUndefined();
      expect(logs).toHaveLength(1);
    });

    it('never reads configs a second time while the first reading hangs', async () => {
      let reads = 0;
      const service = aService().configs(() => {
        reads += 1;
        return new Promise(() => undefined);
      });
      await service.describe();
      await service.describe();
      expect(reads).toBe(1);
    });
  });

  describe('refuses when it is declared', () => {
    const work: ActionDeclaration = { name: 'work', label: 'Work' };

    it.each<[string, object, string]>([
      ['a name with a blank', { name: 'do it' }, 'must match'],
      ['no name', { name: undefined }, 'must match'],
      ['no label', { label: '' }, 'needs a label'],
      ['an unknown danger', { dangerLevel: 'EXTREME' }, 'dangerLevel must be one of LOW, MEDIUM, HIGH'],
      ['a broken time limit', { timeoutSeconds: 0.5 }, 'timeoutSeconds'],
      ['a schema that is none', { inputSchema: 'object' }, 'inputSchema must be a JSON Schema'],
      ['a schema of something else', { inputSchema: { type: 'array' } }, 'must describe an object'],
      [
        'a schema with a type that does not exist',
        { inputSchema: nested('strng') },
        'inputSchema.properties.a.items.0.type',
      ],
      ['a schema that cannot be sent', { inputSchema: { maximum: Infinity } }, 'inputSchema.maximum'],
      ['a preparation that is none', { prepare: {} }, 'prepare must be a function'],
    ])('an action with %s', (_, declaration, reason) => {
      expect(() => aService().action({ ...work, ...declaration }, () => undefined)).toThrow(reason);
    });

    it('an action without a handler, or twice', () => {
      expect(() => aService().action(work, undefined as never)).toThrow('needs a handler');
      expect(() =>
        aService()
          .action(work, () => 1)
          .action(work, () => 2),
      ).toThrow('already has an action work');
    });

    it('itself without a code or name that a server takes', () => {
      expect(() => aService({ code: 'Orders!' })).toThrow('must match');
      expect(() => aService({ name: '' })).toThrow('needs a name');
    });
  });

  it('reports a manifest as far as it can be sent', async () => {
    const manifest: Record<string, unknown> = { team: 'a' };
    manifest.self = manifest;
    expect((await aService({ manifest }).describe()).manifest).toMatchObject({ team: 'a', self: '[not sent]' });
    await eventually('the warning', () => logs.some(({ message }) => message.includes('cannot be sent as it is')));
  });
});
