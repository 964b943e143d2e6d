import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CapsuleAgent, FileTokenStore, type CapsuleAgentOptions } from '#agent';
import type {
  AgentSummary,
  CapsuleService,
  Command,
  CommandDetail,
  CreatedRegistrationToken,
  JsonObject,
} from '#contracts';
import { eventually, type TestOperator } from '#testing';
import { Firewall } from '../../../libs/agent/testing/firewall.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const INTERVALS = {
  retryBaseSeconds: 0.01,
  retryMaxSeconds: 0.05,
  pollSeconds: 0.05,
  heartbeatSeconds: 0.2,
  longPollSeconds: 0,
};

let app: TestApp;
let operator: TestOperator;
let line: Firewall;
let folder: string;
const agents: CapsuleAgent[] = [];

beforeEach(async () => {
  app = await startTestApp();
  operator = await app.signIn('operator');
  line = await Firewall.before(app.api.baseUrl);
  folder = mkdtempSync(join(tmpdir(), 'opstage-line-'));
});

afterEach(async () => {
  line.loses = () => false;
  await Promise.all(agents.splice(0).map((agent) => agent.stop()));
  await line.stop();
  rmSync(folder, { recursive: true });
});

const aToken = async (): Promise<string> =>
  (await operator.post('/api/admin/registration-tokens', {}).expectOk<CreatedRegistrationToken>()).token;

const start = async (registrationToken: string, agent: CapsuleAgentOptions['agent'] = {}) => {
  const runs = new Map<unknown, number>();
  const made = new CapsuleAgent({
    backendUrl: line.url,
    registrationToken,
    tokenStore: new FileTokenStore(join(folder, 'agent-token.json')),
    agent: { code: 'far-away', ...agent },
    service: { code: 'orders', name: 'Orders' },
    intervals: INTERVALS,
    onLog: () => undefined,
  });
  made.action({ name: 'count', label: 'Count' }, ({ payload }) => {
    runs.set(payload.n, (runs.get(payload.n) ?? 0) + 1);
    return { n: payload.n };
  });
  agents.push(made);
  await made.start();
  return { agent: made, runs };
};

const service = () =>
  eventually('the service', async () => {
    const { data } = await operator.get('/api/admin/capsule-services').expectPage<CapsuleService>();
    return data[0];
  });

const execute = async (payload: JsonObject): Promise<Command> =>
  operator.post(`/api/admin/capsule-services/${(await service()).id}/actions/count`, { payload }).expectOk<Command>();

describe('the SDK on a line that loses answers', () => {
  it('registers with the token whose first answer was lost', async () => {
    let lost = 0;
    line.loses = ({ path }) => path.endsWith('/register') && (lost += 1) <= 2;
    await start(await aToken());
    await service();
    expect(lost).toBe(3);
    const { data } = await operator.get('/api/admin/agents').expectPage<AgentSummary>();
    expect(data).toMatchObject([{ code: 'far-away', status: 'ONLINE' }]);
  });

  it('runs every command once and gets every result in', async () => {
    const { runs } = await start(await aToken());
    await service();
    let calls = 0;
    line.loses = ({ path, answer }) => {
      const matters = path.endsWith('/result') || (path.includes('/commands?') && answer.includes('"cmd_'));
      return matters && (calls += 1) % 2 === 1;
    };
    const commands: Command[] = [];
    for (let n = 0; n < 12; n += 1) commands.push(await execute({ n }));
    for (const [n, { id }] of commands.entries()) {
      const ended = await eventually(`command ${n}`, async () => {
        const command = await operator.get(`/api/admin/commands/${id}`).expectOk<CommandDetail>();
        return command.status !== 'RUNNING' && command.status !== 'PENDING' && command;
      });
      expect(ended).toMatchObject({ status: 'SUCCEEDED', result: { data: { n } } });
    }
    expect([...runs.values()]).toEqual(commands.map(() => 1));
    expect(calls).toBeGreaterThan(commands.length);
  });

  it('says by its first heartbeat what process it is now', async () => {
    const first = await start(await aToken(), { name: 'Old', version: '1.0.0' });
    await service();
    await first.agent.stop();
    await start('', { name: 'New', version: '2.0.0', hostname: 'other-host' });
    await eventually('the new version', async () => {
      const { data } = await operator.get('/api/admin/agents').expectPage<AgentSummary>();
      return data[0]?.version === '2.0.0' && data[0].name === 'New';
    });
  });
});
