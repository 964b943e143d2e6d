import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentCommand, Command, CommandDetail, Role } from '#contracts';
import { anAction, anAgentDescription, aReportedService, freePort, TestAgent, TestOperator } from '#testing';
import { BuiltServer, OWNER } from '../support/built-server.js';

const ROLES: readonly Role[] = ['viewer', 'operator', 'owner'];
const CANARY = 'canary-5d1b7e93c0a4';
const PASSWORD = (role: Role): string => (role === 'owner' ? OWNER.password : `${CANARY} password for tests`);
const FILE_SECRET = 'a secret of this installation alone for the canary';

const rotate = anAction({
  name: 'rotate',
  inputSchema: { properties: { phrase: { type: 'string', format: 'password' }, pin: { writeOnly: true } } },
});
const SECRETS = { phrase: CANARY, pin: CANARY, apiKey: CANARY, note: `Authorization: Bearer ${CANARY}` };

describe('a secret (ASVS 5.0 14.2.1, 16.2.5)', () => {
  let folder: string;
  let server: BuiltServer;
  let metricsPort: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-canary-'));
    metricsPort = await freePort();
    server = await BuiltServer.start(join(folder, 'data'), {
      OPSTAGE_LOG_LEVEL: 'trace',
      OPSTAGE_SESSION_SECRET: FILE_SECRET,
      OPSTAGE_METRICS_PORT: String(metricsPort),
      OPSTAGE_AUDIT_STREAM: join(folder, 'data', 'audit-stream.jsonl'),
      OPSTAGE_MAINTENANCE_INTERVAL_SECONDS: '0',
    });
  });
  afterAll(async () => {
    await server.program.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const signIn = (role: Role) => TestOperator.signIn(server.api, role, PASSWORD(role));

  /** Takes the secrets everywhere a secret can go: each end of a command, keys, credentials, refusals. */
  const roundTrip = async () => {
    const owner = await signIn('owner');
    for (const role of ['viewer', 'operator'] as const) {
      await owner.post('/api/admin/users', { username: role, password: PASSWORD(role), role }).expectOk();
    }
    const operator = await signIn('operator');
    await server.api
      .post('/api/admin/auth/login', { username: 'operator', password: `${CANARY} wrong` })
      .expectError(401, 'UNAUTHORIZED');
    const { token } = await operator.createToken();
    const registration = { registrationToken: token, agent: anAgentDescription() };
    const agent = await TestAgent.register(server.api, registration);
    await server.api.post('/api/agents/register', registration).expectError(409, 'REGISTRATION_TOKEN_USED');
    const manifest = {
      kind: 'CapsuleService' as const,
      schemaVersion: '1.0',
      code: 'safe',
      name: 'Safe',
      apiKey: CANARY,
    };
    const configs = [{ key: 'apiKey', type: 'string', sensitive: true, valuePreview: CANARY, defaultValue: CANARY }];
    const service = await agent.reportService(
      aReportedService({ code: 'safe', name: 'Safe', actions: [rotate], manifest, configs }),
    );
    await agent
      .heartbeat({ services: [{ code: 'safe', health: { status: 'UP', details: { token: CANARY } } }] })
      .expectOk();

    const path = `/api/admin/capsule-services/${service.id}/actions`;
    const ask = () => operator.post(`${path}/rotate`, { payload: SECRETS }).expectOk<Command>();
    const [succeeded, failed, cancelled] = [await ask(), await ask(), await ask()];
    await operator.post(`/api/admin/commands/${cancelled.id}/cancel`).expectOk();
    const taken = await agent.poll();
    expect(taken.map(({ payload }) => payload)).toEqual([SECRETS, SECRETS]);
    const log = [`Authorization: Bearer ${CANARY}`, `opstage_agent_${CANARY}`];
    await agent.progress(succeeded.id, { percent: 10, message: `Bearer ${CANARY}`, log }).expectOk();
    const data = { generatedKey: CANARY, password: CANARY };
    await agent.complete(succeeded.id, { success: true, message: `Bearer ${CANARY}`, data }).expectOk();
    const error = { code: 'NO', message: `Bearer ${CANARY}`, secret: CANARY };
    await agent.complete(failed.id, { success: false, error }).expectOk();
    const shown = await operator.get(`/api/admin/commands/${succeeded.id}`).expectOk<CommandDetail>();
    expect(shown.result?.data?.generatedKey).toBe(CANARY);
    const preparing = operator.get(`${path}/rotate`).expectOk();
    const [prepare] = await agent.park(30).expectOk<readonly AgentCommand[]>();
    await agent.complete(prepare!.id, { success: true, data: { initialPayload: { apiKey: CANARY } } }).expectOk();
    await preparing;
    return { agent, service, owner, operator, registrationToken: token, command: succeeded };
  };

  type Trip = Awaited<ReturnType<typeof roundTrip>>;

  /** Calls every GET the server declares as every role, except endless streams. */
  const everyGet = async ({ agent, service, command }: Trip): Promise<string[]> => {
    const ids: readonly (readonly [string, string])[] = [
      ['/agents/{id}', agent.id],
      ['/capsule-services/{id}', service.id],
      ['/commands/{id}', command.id],
    ];
    const addresses = Object.entries(server.document.paths)
      .filter(([path, { get }]) => get && !path.endsWith('/events') && !path.includes('{name}'))
      .map(([path]) => ids.reduce((text, [part, id]) => text.replace(part, part.replace('{id}', id)), path));
    const texts: string[] = [];
    for (const role of ROLES) {
      const reader = await signIn(role);
      for (const address of addresses) texts.push((await reader.get(address)).text);
      for (const format of ['csv', 'json', 'jsonl']) {
        texts.push((await reader.get(`/api/admin/audit-events/export?format=${format}`)).text);
      }
    }
    expect(texts.filter((text) => text.startsWith('{"success":true'))).not.toHaveLength(0);
    return texts;
  };

  it('appears in no file, log, backup, export, metric or answer after a full round trip, nor does any token', async () => {
    const trip = await roundTrip();
    const texts = await everyGet(trip);
    const backup = await trip.owner.post('/api/admin/backup/sqlite');
    expect(backup.status).toBe(200);
    texts.push(backup.text, await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text());
    await trip.owner.post('/api/admin/maintenance/run').expectOk();
    const filesWhileRunning = server.files();
    expect([...filesWhileRunning.keys()]).toEqual(
      expect.arrayContaining(['opstage.db', 'opstage.db-wal', 'audit-stream.jsonl']),
    );
    await server.program.stop();
    expect(server.program.output).toContain('/result');
    const everything = [...texts, ...filesWhileRunning.values(), ...server.files().values(), server.program.output];

    const cookie = decodeURIComponent(trip.operator.cookie.split('=')[1]!);
    const credentials = [
      CANARY,
      trip.registrationToken,
      trip.agent.token,
      OWNER.password,
      cookie,
      cookie.replace(/^s:/, '').split('.')[0]!,
      FILE_SECRET,
    ];
    for (const credential of credentials) {
      expect(credential.length).toBeGreaterThan(15);
      const found = everything.filter((text) => text.includes(credential));
      expect(found.map((text) => text.slice(Math.max(0, text.indexOf(credential) - 100)).slice(0, 250))).toEqual([]);
    }
  });
});
