import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AgentSummary,
  AuditVerification,
  Command,
  CreatedRegistrationToken,
  MaintenanceReport,
  SystemHealth,
} from '#contracts';
import {
  anAgentDescription,
  aReportedService,
  eventually,
  type ServerUnderTest,
  TestAgent,
  type TestOperator,
} from '#testing';
import { startSourceServer } from '../support/edges/source-server.js';
import { WarpedClock } from '../support/edges/warped-clock.js';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const THRESHOLD_SECONDS = 3;
/** Jobs that delete what is old. */
const RETENTION = ['audit', 'finished-commands', 'health-history', 'superseded-tokens'];

jest.setTimeout(120_000);

let folder: string;
let clock: WarpedClock;
let server: ServerUnderTest;
let owner: TestOperator;

const start = async (offsetSeconds: number): Promise<void> => {
  clock.set(offsetSeconds);
  server = await startSourceServer({
    dataDir: join(folder, 'data'),
    nodeArguments: clock.nodeArguments,
    settings: {
      ...clock.settings,
      OPSTAGE_AGENT_OFFLINE_THRESHOLD_SECONDS: String(THRESHOLD_SECONDS),
      OPSTAGE_MAINTENANCE_INTERVAL_SECONDS: '1',
      OPSTAGE_AUDIT_RETENTION_DAYS: '30',
      OPSTAGE_COMMAND_RETENTION_DAYS: '30',
      OPSTAGE_BACKUP_INTERVAL_HOURS: '0',
      OPSTAGE_LOG_LEVEL: 'error',
    },
  });
};

const restart = async (offsetSeconds: number): Promise<void> => {
  await server.stop();
  await start(offsetSeconds);
  await signsInSoon();
  owner = await server.signIn();
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'opstage-clock-'));
  clock = new WarpedClock(folder);
  await start(0);
});

beforeEach(async () => {
  owner = await server.signIn();
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const enrol = async (overrides: Parameters<typeof anAgentDescription>[0] = {}): Promise<TestAgent> => {
  const { token: registrationToken } = await owner.createToken();
  return TestAgent.register(server.api, { registrationToken, agent: anAgentDescription(overrides) });
};

const health = (): Promise<SystemHealth> => server.api.get('/health').expectOk<SystemHealth>();
const concerns = async (): Promise<string[]> => ((await health()).concerns ?? []).map(({ code }) => code);
const isInDoubt = async (): Promise<boolean> => (await concerns()).includes('CLOCK_JUMPED');
const sweep = (): Promise<MaintenanceReport> => owner.post('/api/admin/maintenance/run').expectOk<MaintenanceReport>();
const shown = ({ id }: TestAgent): Promise<AgentSummary> =>
  owner.get(`/api/admin/agents/${id}`).expectOk<AgentSummary>();
const goesOffline = (agent: TestAgent): Promise<unknown> =>
  eventually('the silent agent is offline', async () => (await shown(agent)).status === 'OFFLINE');

/** An agent that has completed a command. */
const history = async (): Promise<Command> => {
  const agent = await enrol();
  const service = await agent.reportService(aReportedService());
  const action = `/api/admin/capsule-services/${service.id}/actions/echo`;
  const command = await owner.post(action, { payload: { text: 'hi' } }).expectOk<Command>();
  await agent.poll();
  await agent.complete(command.id, { success: true }).expectOk();
  return command;
};

const expectKept = async ({ id }: Command): Promise<void> => {
  await owner.get(`/api/admin/commands/${id}`).expectOk();
  const audit = await owner.get('/api/admin/audit-events/verify').expectOk<AuditVerification>();
  expect(audit).toMatchObject({ valid: true, removedByRetention: 0 });
};

const signIn = (password: string) => server.api.post('/api/admin/auth/login', { username: 'owner', password });
const failToSignIn = async (): Promise<void> => {
  for (let i = 0; i < 5; i += 1) await signIn('wrong').expectError(401, 'UNAUTHORIZED');
};
/** Waits as it is told, which must never be longer than five minutes. */
const signsInSoon = (): Promise<unknown> =>
  eventually('the right password is enough', async () => {
    const answer = await signIn(server.owner.password);
    expect(Number(answer.headers.get('retry-after') ?? 0)).toBeLessThanOrEqual(300);
    return answer.status === 200;
  });

const generalToken = async (code: string) => ({
  registrationToken: (await owner.createToken()).token,
  agent: anAgentDescription({ code }),
});
const ownToken = async (code: string) => {
  const token = await owner
    .post('/api/admin/registration-tokens', { agentCode: code })
    .expectOk<CreatedRegistrationToken>();
  return { registrationToken: token.token, agent: anAgentDescription({ code }) };
};

describe('A clock that jumps while the server runs', () => {
  it.each([100 * DAY, -400 * DAY])('by %d s and back deletes nothing, and the jobs go on', async (by) => {
    const command = await history();
    const silent = await enrol();
    clock.set(by);
    await eventually('the jump is noticed', isInDoubt);
    await goesOffline(silent);
    const report = await sweep();
    expect(report.heldJobs).toEqual(RETENTION);
    expect(report.failedJobs).toEqual([]);
    expect(Math.abs(Date.parse(report.ranAt) - Date.now())).toBeLessThan(HOUR * 1_000);
    await expectKept(command);
    clock.set(0);
    await eventually('the clock is trusted again', async () => (await health()).status === 'UP');
    expect((await sweep()).heldJobs).toEqual([]);
    await expectKept(command);
  });

  it('by an hour and back neither locks a user out nor keeps a dead agent alive', async () => {
    const silent = await enrol();
    clock.set(HOUR);
    await eventually('the jump is noticed', isInDoubt);
    await silent.heartbeat().expectOk();
    await failToSignIn();
    clock.set(0);
    await signsInSoon();
    expect(Date.parse((await shown(silent)).lastSeenAt!)).toBeLessThanOrEqual(Date.now());
    await goesOffline(silent);
  });

  it('by a day back leaves everything going, and an owner may confirm it', async () => {
    clock.set(-DAY);
    await eventually('the jump is noticed', isInDoubt);
    const silent = await enrol();
    await silent.heartbeat().expectOk();
    await goesOffline(silent);
    await owner.post('/api/admin/maintenance/clock/confirm').expectOk();
    expect(await isInDoubt()).toBe(false);
    // A run that began before is joined.
    await eventually(
      'the jobs go by the confirmed time',
      async () => Date.parse((await sweep()).ranAt) < Date.now() - (DAY - HOUR) * 1_000,
    );
    const another = await enrol();
    await goesOffline(another);
    clock.set(0);
    await eventually('the way back is noticed', isInDoubt);
    await owner.post('/api/admin/maintenance/clock/confirm').expectOk();
  });
});

describe('A server that starts with another clock', () => {
  it('takes nothing that was stored in the future for true', async () => {
    const command = await history();
    await restart(HOUR);
    const silent = await enrol();
    await failToSignIn();
    await sweep();
    await silent.heartbeat().expectOk();
    await restart(0);
    expect(await isInDoubt()).toBe(true);
    expect(Date.parse((await shown(silent)).lastSeenAt!)).toBeLessThanOrEqual(Date.now());
    const { heldJobs, failedJobs } = await sweep();
    expect({ heldJobs, failedJobs }).toEqual({ heldJobs: RETENTION, failedJobs: [] });
    await goesOffline(silent);
    await expectKept(command);
  });

  it('deletes nothing old while the clock is far ahead of the last sign of life, also after another start', async () => {
    const command = await history();
    await restart(100 * DAY);
    for (const isAgain of [false, true]) {
      if (isAgain) await restart(100 * DAY + 1);
      expect(await isInDoubt()).toBe(true);
      expect((await sweep()).heldJobs).toEqual(expect.arrayContaining(RETENTION));
      await expectKept(command);
    }
    await restart(0);
    await owner.post('/api/admin/maintenance/clock/confirm').expectOk();
    expect((await health()).status).toBe('UP');
    expect((await sweep()).heldJobs).toEqual([]);
    await expectKept(command);
  });
});

describe('A server that was away for longer than the offline threshold', () => {
  const expectListening = async (agent: TestAgent): Promise<void> => {
    expect((await sweep()).offlineAgents).toBe(0);
    expect((await shown(agent)).status).toBe('ONLINE');
    const refused = await server.api.post('/api/agents/register', await generalToken(agent.code));
    refused.error(409, 'AGENT_CODE_TAKEN');
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(THRESHOLD_SECONDS);
  };

  it('paused: judges nobody, and gives no code away, before it has listened', async () => {
    const agents = await Promise.all([enrol(), enrol(), enrol()]);
    await Promise.all(agents.map((agent) => agent.heartbeat().expectOk()));
    const { pid } = server.program;
    process.kill(pid, 'SIGSTOP');
    await sleep((THRESHOLD_SECONDS + 1) * 1_000);
    process.kill(pid, 'SIGCONT');
    await expectListening(agents[0]);
    await agents[1].heartbeat().expectOk();
    await goesOffline(agents[2]);
  });

  it('stopped: judges nobody, and gives a code only to a token made for it, before it has listened', async () => {
    const [taken, agent] = [await enrol(), await enrol()];
    await Promise.all([taken, agent].map((one) => one.heartbeat().expectOk()));
    await restart(30);
    await expectListening(taken);
    await TestAgent.register(server.api, await ownToken(agent.code));
    await goesOffline(taken);
    await TestAgent.register(server.api, await generalToken(taken.code));
  });
});
