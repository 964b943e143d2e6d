import { ModulesContainer } from '@nestjs/core';
import { CapsuleAgent, MemoryTokenStore } from '#agent';
import type {
  AuditVerification,
  CapsuleService,
  CapsuleServiceId,
  Command,
  CommandDetail,
  MaintenanceSettings,
  PreparedAction,
  SignInSettings,
} from '#contracts';
import { ApiClient, eventually, TestOperator } from '#testing';
import { AppConfig } from '../../src/config/app-config.js';
import { Database } from '../../src/database/database.js';
import { AuditRetentionService } from '../../src/modules/audit/chain/audit-retention.service.js';
import { Passwords } from '../../src/modules/auth/passwords/passwords.js';
import { SettingEntity } from '../../src/modules/settings/setting.entity.js';
import { manyAuditRecords, sealAudit, writeAudit } from '../support/audit-seeds.js';
import { passwordOf, PUBLIC_URL, showPasskey, showPassword, withPasskey } from '../support/passkeys.js';
import { startReplicas } from '../support/replicas.js';
import { OWNER, startTestApp, type TestApp } from '../support/start-test-app.js';

/** Every object that Nest made for this server. */
const partsOf = ({ nest }: TestApp): Set<unknown> => {
  const modules = [...nest.get(ModulesContainer).values()];
  const instances = modules.flatMap(({ providers, controllers }) => [...providers.values(), ...controllers.values()]);
  return new Set(instances.map(({ instance }) => instance).filter((one) => typeof one === 'object'));
};

describe('the two test servers', () => {
  it('share nothing in memory except the clock and the thread that hashes passwords', async () => {
    const { place, a, b } = await startReplicas();
    const [ofA, ofB] = [partsOf(a), partsOf(b)];
    expect(ofA.size).toBeGreaterThan(100);
    expect([...ofA].filter((part) => part !== null && ofB.has(part))).toEqual([place.clock, a.nest.get(Passwords)]);
    expect(a.nest.get(AppConfig).database).toEqual(b.nest.get(AppConfig).database);
  });

  it('receive requests in turn', async () => {
    const { a, b, both } = await startReplicas();
    const asked = { a: 0, b: 0 };
    a.nest.getHttpServer().on('request', () => (asked.a += 1));
    b.nest.getHttpServer().on('request', () => (asked.b += 1));
    for (let i = 0; i < 6; i += 1) await both.get('/api/system/version').expectOk();
    expect(asked).toEqual({ a: 3, b: 3 });
  });
});

const KEPT_DAYS = 1;

const verify = async ({ api }: TestApp): Promise<AuditVerification> => {
  const owner = await TestOperator.signIn(api, OWNER.username, OWNER.password);
  return owner.get('/api/admin/audit-events/verify').expectOk<AuditVerification>();
};

const prune = ({ nest }: TestApp): Promise<number> =>
  nest.get(AuditRetentionService, { strict: false }).prune(KEPT_DAYS);

describe('the audit of two servers on one database', () => {
  it('is one chain, which verifies at both and after a restart, even when both shortened it at once', async () => {
    const { place, a, b } = await startReplicas();
    place.clock.stop();
    for (const server of [a, b, a]) {
      await writeAudit(server, manyAuditRecords(20));
      await sealAudit(server);
    }
    place.clock.advance(2 * KEPT_DAYS * 86_400);
    await writeAudit(b, manyAuditRecords(3));
    await sealAudit(b);
    const removed = (await Promise.all([prune(a), prune(b)])).reduce((sum, count) => sum + count, 0);
    expect(removed).toBeGreaterThanOrEqual(60);
    await b.stop();
    const again = await startTestApp({ beside: place });
    for (const server of [a, again]) {
      const found = await verify(server);
      expect(found).toMatchObject({ valid: true, removedByRetention: removed, firstBad: null });
      expect(found.checkedEvents).toBeGreaterThanOrEqual(3);
    }
  });
});

const SETTINGS = '/api/admin/settings/maintenance';

describe('the maintenance settings', () => {
  it('that are changed at one replica apply at the other', async () => {
    const { a, b } = await startReplicas();
    const owner = await a.signIn('owner');
    for (const auditRetentionDays of [30, 60]) {
      const after = await owner.patch(SETTINGS, { auditRetentionDays }).expectOk<MaintenanceSettings>();
      const atB = (): Promise<MaintenanceSettings> => owner.at(b.api).get(SETTINGS).expectOk<MaintenanceSettings>();
      await eventually('the other follows', async () => (await atB()).auditRetentionDays === auditRetentionDays);
      expect(await atB()).toEqual(after);
    }
  });

  it('are the same everywhere after changes at both at once', async () => {
    const { a, b } = await startReplicas();
    const owners = [await a.signIn('owner'), (await a.signIn('owner')).at(b.api)];
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => owners[i % 2]!.patch(SETTINGS, { auditRetentionDays: i + 1 }).expectOk()),
    );
    const shown = () => Promise.all(owners.map((owner) => owner.get(SETTINGS).expectOk<MaintenanceSettings>()));
    const stored = await a.nest.get(Database).findOne(SettingEntity, 'key = :key', { key: 'maintenance' });
    const last = stored?.value.auditRetentionDays;
    await eventually('both show what was stored last', async () =>
      (await shown()).every(({ auditRetentionDays }) => auditRetentionDays === last),
    );
  });
});

const SIGN_IN_SETTINGS = '/api/admin/settings/sign-in';

describe('passkeys', () => {
  it('can answer at one replica a challenge issued by the other, once across both', async () => {
    const { a, b } = await startReplicas({ publicBaseUrl: PUBLIC_URL });
    const { authenticator } = await withPasskey(a, 'viewer');
    const ceremony = await showPassword(a, 'viewer');
    const answers = await Promise.all([a, b, a, b].map((app) => showPasskey(app, ceremony, authenticator)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('that are required at one replica are required at the other', async () => {
    const { a, b } = await startReplicas({ publicBaseUrl: PUBLIC_URL });
    const owner = await a.signIn('owner');
    await a.signIn('viewer');
    await owner.patch(SIGN_IN_SETTINGS, { passkeyRequiredRoles: ['viewer'] }).expectOk();
    await eventually('the other follows', async () => {
      const { passkeyRequiredRoles } = await owner.at(b.api).get(SIGN_IN_SETTINGS).expectOk<SignInSettings>();
      return passkeyRequiredRoles.includes('viewer');
    });
    const viewer = await TestOperator.signIn(b.api, 'viewer', passwordOf('viewer'));
    await viewer.get('/api/admin/agents').expectError(403, 'PASSKEY_ENROLMENT_REQUIRED');
  });
});

const COMMANDS = 20;

/** A real agent that knows only the load balancer; its action echoes its payload. */
const startAgent = async (both: ApiClient, registrationToken: string) => {
  const echoed: unknown[] = [];
  const agent = new CapsuleAgent({
    backendUrl: both.baseUrl,
    registrationToken,
    tokenStore: new MemoryTokenStore(),
    agent: { code: 'balanced' },
    service: { code: 'orders', name: 'Orders' },
    onLog: () => undefined,
  });
  const prepare = () => ({ initialPayload: { text: 'prepared' } });
  agent.action({ name: 'echo', label: 'Echo', prepare }, ({ payload }) => {
    echoed.push(payload.text);
    return { text: payload.text ?? null };
  });
  await agent.start();
  return { agent, echoed };
};

/** Waits until the only service is reported. */
const findService = async (operator: TestOperator): Promise<CapsuleServiceId> => {
  const found: CapsuleService[] = [];
  await eventually('the service is reported', async () => {
    found.push(...(await operator.get('/api/admin/capsule-services').expectPage<CapsuleService>()).data);
    return found.length > 0;
  });
  return found[0]!.id;
};

describe('an agent and an operator behind a load balancer without sticky sessions', () => {
  it('work as with one server, and continue when one of the replicas stops', async () => {
    const { a, both } = await startReplicas();
    const operator = await TestOperator.signIn(both, OWNER.username, OWNER.password);
    const { agent, echoed } = await startAgent(both, (await operator.createToken()).token);
    const action = `/api/admin/capsule-services/${await findService(operator)}/actions/echo`;

    const prepared = await operator.get(action).expectOk<PreparedAction>();
    expect(prepared.initialPayload).toEqual({ text: 'prepared' });

    const echo = async (text: string): Promise<void> => {
      const { id } = await operator.post(action, { payload: { text } }).expectOk<Command>();
      const shown = () => operator.get(`/api/admin/commands/${id}`).expectOk<CommandDetail>();
      await eventually(`${text} is echoed`, async () => (await shown()).status === 'SUCCEEDED');
      expect((await shown()).result?.data).toEqual({ text });
    };
    const texts = Array.from({ length: COMMANDS }, (_, i) => `text ${i}`);
    await Promise.all(texts.map(echo));
    expect(echoed.toSorted()).toEqual(texts.toSorted());

    await a.stop();
    await echo('after one has stopped');
    await agent.stop();
  });
});
