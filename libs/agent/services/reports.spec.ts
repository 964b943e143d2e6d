import { setTimeout as pause } from 'node:timers/promises';
import type { ReportServicesRequest } from '../../contracts/index.js';
import { eventually } from '../../testing/index.js';
import { QUICK, TestBench } from '../testing/test-bench.js';
import { accept, refuse } from '../testing/wire-server.js';

describe('Reports', () => {
  let bench: TestBench;

  beforeEach(async () => {
    bench = await TestBench.open();
  });

  afterEach(() => bench.close());

  const reports = () => bench.server.callsOf('report').map(({ body }) => body as ReportServicesRequest);
  const reported = (count: number) => eventually('a report', () => reports().length >= count && reports().at(-1));
  const heartbeatsWithHealth = () =>
    bench.server
      .callsOf('heartbeat')
      .map(({ body }) => body as Pick<ReportServicesRequest, 'services'>)
      .filter(({ services }) => services.length > 0);

  it('describe a service completely, once', async () => {
    await bench.start(
      { service: { code: 'orders', name: 'Orders', version: '2.0.0', manifest: { labels: { team: 'a' } } } },
      (agent) =>
        agent
          .health(() => ({ status: 'UP' }))
          .configs([{ key: 'region', type: 'string', valuePreview: 'eu' }])
          .action({ name: 'work', label: 'Work', prepare: () => ({}) }, () => undefined),
    );
    const report = await reported(1);
    expect(report).toMatchObject({
      complete: true,
      services: [
        {
          code: 'orders',
          runtime: 'nodejs',
          manifest: { kind: 'CapsuleService', schemaVersion: '1.0', version: '2.0.0', labels: { team: 'a' } },
          health: { status: 'UP' },
          configs: [{ key: 'region', valuePreview: 'eu' }],
          actions: [{ name: 'work', label: 'Work' }],
        },
      ],
    });
    expect(report.services[0]?.actions?.[0]).not.toHaveProperty('prepare');
    await pause(100);
    expect(reports()).toHaveLength(1);
  });

  it('are sent again when something changed', async () => {
    let region = 'eu';
    const { agent } = await bench.start({}, (made) =>
      made.configs(() => [{ key: 'region', type: 'string', valuePreview: region }]),
    );
    await reported(1);
    region = 'us';
    expect((await reported(2)).services[0]?.configs?.[0]?.valuePreview).toBe('us');
    agent.action({ name: 'late', label: 'Late' }, () => undefined);
    expect((await reported(3)).services[0]?.actions?.[0]?.name).toBe('late');
  });

  it('are sent at intervals even when nothing changed', async () => {
    await bench.start({ intervals: { ...QUICK, reportSeconds: 0.03 } });
    await reported(3);
  });

  it('never contain the value of a sensitive config', async () => {
    await bench.start({}, (agent) =>
      agent.configs([
        { key: 'set', type: 'string', sensitive: true, valuePreview: 'canary-value', defaultValue: 'canary-default' },
        { key: 'unset', type: 'string', sensitive: true, secretRef: 'env:SECRET' },
      ]),
    );
    const report = await reported(1);
    expect(JSON.stringify(report)).not.toContain('canary');
    expect(report.services[0]?.configs).toEqual([
      { key: 'set', type: 'string', sensitive: true, valuePreview: '[REDACTED]' },
      { key: 'unset', type: 'string', sensitive: true, secretRef: 'env:SECRET' },
    ]);
  });

  it('keep the last configs when these cannot be read, and log that once', async () => {
    let isBroken = false;
    const { logged } = await bench.start({ intervals: { ...QUICK, reportSeconds: 0.03 } }, (agent) =>
      agent.configs(() => {
        if (isBroken) throw new Error('No vault.');
        return [{ key: 'region', type: 'string' }];
      }),
    );
    await reported(1);
    isBroken = true;
    const count = reports().length;
    expect((await reported(count + 3)).services[0]?.configs).toHaveLength(1);
    expect(logged('cannot be read: No vault.')).toHaveLength(1);
  });

  it('are retried when the server refuses them, and log the reason once', async () => {
    bench.server.answerNext('report', refuse(422, 'VALIDATION_FAILED'), refuse(422, 'VALIDATION_FAILED'));
    const { logged } = await bench.start();
    await reported(3);
    expect(logged('Reporting the services failed')).toHaveLength(1);
  });

  describe('of several services', () => {
    const services = [
      { code: 'a', name: 'A' },
      { code: 'b', name: 'B' },
    ];

    it('contain them all, and heartbeats contain the health of each', async () => {
      const { agent } = await bench.start({ services }, (made) => {
        made.service('a').health(() => ({ status: 'UP' }));
        made.service('b').health(() => {
          throw new Error('No database.');
        });
      });
      const health = [
        { code: 'a', health: { status: 'UP' } },
        { code: 'b', health: { status: 'DOWN', message: 'The health check failed: No database.' } },
      ];
      expect((await reported(1)).services).toMatchObject(health);
      const [heartbeat] = await eventually('health', () => heartbeatsWithHealth().length > 0 && heartbeatsWithHealth());
      expect(heartbeat).toEqual({ services: health });
      expect(await agent.runHealth()).toEqual(health);
    });

    it('and heartbeats leave out, with a warning, services that belong to another agent', async () => {
      const rejected = [{ code: 'b', error: 'CAPSULE_SERVICE_CODE_TAKEN' }];
      bench.server.answerAlways('report', () => accept({ services: [], rejected }));
      const { logged } = await bench.start({ services });
      await eventually('health', () => heartbeatsWithHealth().length);
      expect(heartbeatsWithHealth()[0]?.services.map(({ code }) => code)).toEqual(['a']);
      expect(logged('belong to another live agent')).toMatchObject([{ level: 'warn', fields: { services: 'b' } }]);
    });

    it('are selected by code', async () => {
      const { agent } = await bench.start({ services });
      expect(() => agent.health(() => ({ status: 'UP' }))).toThrow('select one with agent.service(code)');
      expect(() => agent.service('c')).toThrow('This agent has no service c.');
    });
  });

  it('and heartbeats work with a server that responds with the minimum', async () => {
    bench.server.answerAlways('heartbeat', () => accept({}));
    bench.server.answerAlways('report', () => accept({}));
    bench.server.answerAlways('poll', () => accept(null));
    const { logs } = await bench.start();
    await eventually('health', () => heartbeatsWithHealth().length > 1);
    await eventually('polls', () => bench.server.callsOf('poll').length > 1);
    expect(logs.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
  });

  it('fall back to empty heartbeats when the server refuses the health', async () => {
    await bench.start({}, (agent) => agent.health(() => ({ status: 'UP', details: { huge: true } })));
    await eventually('health', () => heartbeatsWithHealth().length);
    bench.server.answerNext('heartbeat', refuse(413, 'PAYLOAD_TOO_LARGE'));
    await eventually('a bare one', () =>
      bench.server.callsOf('heartbeat').some(({ body }) => JSON.stringify(body) === '{}'),
    );
  });

  it('are sent immediately on refresh', async () => {
    const slow = { ...QUICK, heartbeatSeconds: 60 };
    let region = 'eu';
    const { agent } = await bench.start({ intervals: slow }, (made) =>
      made.configs(() => [{ key: 'region', type: 'string', valuePreview: region }]),
    );
    await reported(1);
    const before = bench.server.callsOf('heartbeat').length;
    region = 'us';
    agent.refresh();
    await reported(2);
    await eventually('a heartbeat', () => bench.server.callsOf('heartbeat').length > before);
  });
});
