import { MemoryTokenStore, type LogEntry } from '#agent';
import type { ReportServicesRequest } from '#contracts';
import { eventually } from '#testing';
import { QUICK, aCommand } from '../agent/testing/test-bench.js';
import { REGISTRATION_TOKEN, WireServer } from '../agent/testing/wire-server.js';
import { createDemoAgent } from './demo-service.js';
import { DemoState } from './demo-state.js';
import { readSettings } from './settings.js';

describe('The demo service', () => {
  let server: WireServer;
  let state: DemoState;
  let logs: LogEntry[];
  let agent: ReturnType<typeof createDemoAgent>;

  beforeEach(async () => {
    server = await WireServer.start();
    state = new DemoState();
    logs = [];
    const settings = readSettings({ OPSTAGE_BACKEND_URL: server.url, OPSTAGE_REGISTRATION_TOKEN: REGISTRATION_TOKEN });
    const overrides = {
      tokenStore: new MemoryTokenStore(),
      intervals: QUICK,
      onLog: (line: LogEntry) => logs.push(line),
    };
    agent = createDemoAgent(settings, state, overrides);
    await agent.start();
  });

  afterEach(async () => {
    await agent.stop();
    await server.stop();
  });

  const lastReport = () => server.callsOf('report').at(-1)?.body as ReportServicesRequest | undefined;

  it('reports itself with actions, configs and health, and no sensitive value', async () => {
    const report = await eventually('the report', lastReport);
    const [service] = report.services;
    expect(service).toMatchObject({
      code: 'demo-service',
      manifest: { labels: { env: 'demo' } },
      health: { status: 'UP' },
    });
    const names = service?.actions?.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['echo', 'listItems', 'itemDetail', 'rotateKey', 'slowTask']));
    const sensitive = service?.configs?.filter((config) => config.sensitive) ?? [];
    expect(sensitive).toHaveLength(2);
    for (const config of sensitive) expect(config).not.toHaveProperty('valuePreview');
  });

  it('runs a command, counts it, and logs neither payload nor token', async () => {
    const command = aCommand({
      serviceCode: 'demo-service',
      actionName: 'rotateKey',
      payload: { currentPassphrase: 'canary' },
    });
    server.commands.push(command);
    const result = await eventually('the result', () => server.results.get(command.id));
    expect(result).toMatchObject({ success: true, data: { keyId: 'key_2' } });
    expect(state.counters).toEqual({ rotateKey: 1 });
    const lines = JSON.stringify(logs);
    expect(lines).not.toContain('canary');
    expect(lines).not.toContain(result.data?.generatedKey);
  });

  it('reports a new signing key in its configs', async () => {
    await eventually('the report', lastReport);
    state.nextKey();
    await eventually('the new config', () => JSON.stringify(lastReport()).includes('memory:key_2'));
  });
});
