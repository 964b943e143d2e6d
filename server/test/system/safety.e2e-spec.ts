import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RegistrationToken, SafetyCheckId, SafetyFinding, SafetyReport } from '#contracts';
import { anAction, aReportedService, TestOperator } from '#testing';
import { Database } from '../../src/database/database.js';
import { GovernedService } from '../support/governed-service.js';
import { anInstant } from '../support/matchers.js';
import { sendRaw } from '../support/raw-http.js';
import { runOpstage } from '../support/run-opstage.js';
import { aStartedPlace, OWNER, startTestApp, type TestApp } from '../support/start-test-app.js';
import { TEST_SECRET } from '../support/test-config.js';
import { testDatabaseKind } from '../support/test-database.js';

const SAFETY = '/api/admin/diagnostics/safety';
const DAY_SECONDS = 86_400;

/** Sessions long enough for a whole test. */
const LONG = { sessionTtlSeconds: 365 * DAY_SECONDS, sessionAbsoluteSeconds: 365 * DAY_SECONDS };

const reportOf = async (app: TestApp): Promise<SafetyReport> =>
  (await app.signIn('owner')).get(SAFETY).expectOk<SafetyReport>();

const findingOf = async (app: TestApp, id: SafetyCheckId): Promise<SafetyFinding> =>
  (await reportOf(app)).findings.find((finding) => finding.id === id)!;

describe('the safety report', () => {
  it('is for owners, says when it was made, and contains no secret', async () => {
    const app = await startTestApp();
    const answer = await (await app.signIn('owner')).get(SAFETY);
    expect(answer.data<SafetyReport>()).toMatchObject({ checkedAt: anInstant() });
    for (const secret of [TEST_SECRET, OWNER.password]) expect(answer.text).not.toContain(secret);
    await (await app.signIn('operator')).get(SAFETY).expectError(403, 'FORBIDDEN');
  });

  it('can check everything, on either database', async () => {
    const app = await startTestApp();
    const { findings } = await reportOf(app);
    expect(findings.filter(({ situation }) => situation === 'unreadable')).toEqual([]);
    // A new installation has not verified its audit yet.
    const unknown = testDatabaseKind() === 'sqlite' ? ['secret-age'] : ['secret-age', 'backups'];
    const expected = [...unknown, 'audit-integrity'];
    expect(findings.filter(({ status }) => status === 'UNKNOWN').map(({ id }) => id)).toEqual(expected);
  });

  it('knows the age of the secret in the data directory, but of no other', async () => {
    const app = await startTestApp();
    const file = join(app.folder, 'session-secret');
    writeFileSync(file, 'a secret that is not the one in use, and old');
    const longAgo = app.clock.secondsFromNow(-400 * DAY_SECONDS);
    utimesSync(file, longAgo, longAgo);
    expect(await findingOf(app, 'secret-age')).toMatchObject({ status: 'UNKNOWN', situation: 'given' });
    writeFileSync(file, `${TEST_SECRET}\n`);
    utimesSync(file, longAgo, longAgo);
    expect(await findingOf(app, 'secret-age')).toMatchObject({ status: 'WARNING', values: { days: 400 } });
  });

  it('reports the initial password until it is changed', async () => {
    const app = await startTestApp();
    expect(await findingOf(app, 'bootstrap-password')).toMatchObject({
      status: 'WARNING',
      values: { username: 'owner' },
      details: [{ targetType: 'User', name: 'owner' }],
    });
    const change = { currentPassword: OWNER.password, newPassword: 'a password of my own' };
    await (await app.signIn('owner')).post('/api/admin/auth/password', change).expectOk();
    expect(await findingOf(app, 'bootstrap-password')).toMatchObject({ status: 'OK' });
  });

  it('reports it whatever else changes, and whatever the environment says later', async () => {
    const app = await startTestApp();
    const owner = await app.signIn('owner');
    await owner.patch(`/api/admin/users/${owner.session.user.id}`, { displayName: 'The first' }).expectOk();
    await app.stop();
    for (const adminPassword of [null, 'another password by now']) {
      const after = await startTestApp({ beside: app, config: { adminPassword } });
      expect(await findingOf(after, 'bootstrap-password')).toMatchObject({ status: 'WARNING' });
      await after.stop();
    }
  });

  it('knows when another owner, or an operator on the host, has set a new one', async () => {
    const app = await startTestApp();
    const first = await app.signIn('owner');
    const other = { username: 'other', password: 'a phrase that is long enough', role: 'owner' };
    await first.post('/api/admin/users', other).expectOk();
    const second = await TestOperator.signIn(app.api, other.username, other.password);
    const found = async () =>
      (await second.get(SAFETY).expectOk<SafetyReport>()).findings.find(({ id }) => id === 'bootstrap-password');
    expect(await found()).toMatchObject({ status: 'WARNING', values: { username: 'owner' } });
    const newPassword = 'given on the telephone';
    await second.post(`/api/admin/users/${first.session.user.id}/reset-password`, { newPassword }).expectOk();
    expect(await found()).toMatchObject({ status: 'OK' });

    const onHost = await startTestApp();
    await runOpstage(onHost, ['users', 'reset-password', 'owner'], { input: `${newPassword}\n` });
    const owner = await TestOperator.signIn(onHost.api, 'owner', newPassword);
    const { findings } = await owner.get(SAFETY).expectOk<SafetyReport>();
    expect(findings.find(({ id }) => id === 'bootstrap-password')).toMatchObject({ status: 'OK' });
  });

  it('names forgotten registration tokens, but no used or revoked ones', async () => {
    const app = await startTestApp({ config: LONG });
    const operator = await app.signIn('operator');
    await app.enrolAgent();
    expect(await findingOf(app, 'registration-tokens')).toMatchObject({ status: 'OK' });
    const unused = await operator.createToken({ name: 'forgotten', expiresInSeconds: 30 * DAY_SECONDS });
    app.clock.advance(8 * DAY_SECONDS);
    expect(await findingOf(app, 'registration-tokens')).toMatchObject({
      situation: 'unused',
      details: [{ targetType: 'RegistrationToken', targetId: unused.id, name: 'forgotten' }],
    });
    const endless = await operator.createToken({ name: 'endless' });
    await app.nest
      .get(Database)
      .transaction((tx) => tx.execute(`UPDATE registration_tokens SET expires_at = NULL WHERE name = 'endless'`));
    expect(await findingOf(app, 'registration-tokens')).toMatchObject({
      situation: 'no-expiry',
      values: { count: 1 },
      details: [{ targetId: endless.id }],
    });
    for (const { id } of [unused, endless]) {
      await operator.post(`/api/admin/registration-tokens/${id}/revoke`).expectOk<RegistrationToken>();
    }
    expect(await findingOf(app, 'registration-tokens')).toMatchObject({ status: 'OK' });
  });

  it('names agents with an old token until they are enrolled again or revoked', async () => {
    const app = await startTestApp({ config: LONG });
    const [one, other] = [await app.enrolAgent(), await app.enrolAgent()];
    app.clock.advance(181 * DAY_SECONDS);
    expect(await findingOf(app, 'agent-tokens')).toMatchObject({ status: 'NOTICE', values: { count: 2 } });
    const operator = await app.signIn('operator');
    await operator.post(`/api/admin/agents/${other.id}/revoke`).expectOk();
    await app.runMaintenance();
    await app.enrolAgent({ code: one.code });
    expect(await findingOf(app, 'agent-tokens')).toMatchObject({ status: 'OK' });
  });

  it('names dangerous actions without confirmation, and possible secrets in the configuration, but never their values', async () => {
    const app = await startTestApp();
    const actions = [
      anAction({ name: 'wipe', label: 'Wipe', dangerLevel: 'HIGH' }),
      anAction({ name: 'drop', label: 'Drop', dangerLevel: 'HIGH', requiresConfirmation: true }),
      anAction({ name: 'trim', label: 'Trim', dangerLevel: 'MEDIUM' }),
      anAction({ name: 'burn', label: 'Burn', dangerLevel: 'HIGH', enabled: false }),
    ];
    const configs = [
      { key: 'licenseKey', type: 'string', valuePreview: 'hunter2' },
      { key: 'upstream', type: 'string', valuePreview: 'https://me:hunter2@example.org/' },
      { key: 'smtpPass', type: 'string', sensitive: true, valuePreview: 'hunter2' },
      { key: 'password', type: 'string', valuePreview: 'hunter2' },
      { key: 'unsetKey', type: 'string' },
      { key: 'http.port', type: 'number', valuePreview: 8080 },
    ];
    const { service } = await GovernedService.of(app, { name: 'Shop', actions, configs });
    const answer = await (await app.signIn('owner')).get(SAFETY);
    const { findings } = answer.data<SafetyReport>();
    const named = (id: SafetyCheckId) => findings.find((finding) => finding.id === id)?.details;
    const about = (name: string) => ({ targetType: 'CapsuleService', targetId: service.id, name });
    expect(named('dangerous-actions')).toEqual([about('Shop: Wipe')]);
    // The value of `licenseKey` was not even stored.
    expect(named('exposed-secrets')).toEqual([about('Shop: upstream')]);
    expect(answer.text).not.toContain('hunter2');
  });

  it('ignores retired services', async () => {
    const app = await startTestApp();
    const agent = await app.enrolAgent();
    await agent.reportService(aReportedService({ actions: [anAction({ dangerLevel: 'HIGH' })] }));
    expect(await findingOf(app, 'dangerous-actions')).toMatchObject({ status: 'WARNING' });
    await agent.report([], true).expectOk();
    expect(await findingOf(app, 'dangerous-actions')).toMatchObject({ status: 'OK' });
  });

  it('uses the retention in force', async () => {
    const app = await startTestApp({ config: { auditRetentionDays: 7 } });
    expect(await findingOf(app, 'audit-retention')).toMatchObject({ status: 'WARNING', values: { days: 7 } });
    const owner = await app.signIn('owner');
    await owner.patch('/api/admin/settings/maintenance', { auditRetentionDays: 0 }).expectOk();
    expect(await findingOf(app, 'audit-retention')).toMatchObject({ status: 'OK', situation: 'forever' });
  });

  it('uses the newest verified backup', async () => {
    const place = await aStartedPlace('sqlite');
    const config = { ...LONG, backupIntervalHours: 24 };
    const app = await startTestApp({ beside: place, config });
    expect(await findingOf(app, 'backups')).toMatchObject({ status: 'CRITICAL', situation: 'none' });
    await app.runMaintenance();
    expect(await findingOf(app, 'backups')).toMatchObject({ status: 'OK', values: { hours: 0 } });
    app.clock.advance(2 * DAY_SECONDS);
    expect(await findingOf(app, 'backups')).toMatchObject({ status: 'CRITICAL', values: { hours: 48 } });
  });
});

describe('connections in the safety report', () => {
  const PUBLIC = { publicBaseUrl: 'https://ops.example.org', trustProxy: ['loopback'] } as const;
  const FORWARDED = { 'x-forwarded-for': '203.0.113.9' };

  it('count as HTTPS once a trusted proxy says so', async () => {
    const app = await startTestApp({ config: PUBLIC });
    expect(await findingOf(app, 'https')).toMatchObject({ status: 'NOTICE', situation: 'unseen' });
    await app.api.get('/api/admin/auth/me', { headers: { ...FORWARDED, 'x-forwarded-proto': 'https' } });
    expect(await findingOf(app, 'https')).toMatchObject({ status: 'OK', situation: 'seen' });
  });

  it('count as plain HTTP from elsewhere when a trusted proxy says so', async () => {
    const app = await startTestApp({ config: PUBLIC });
    await app.api.get('/api/admin/auth/me', { headers: FORWARDED });
    expect(await findingOf(app, 'https')).toMatchObject({ status: 'CRITICAL', situation: 'plain' });
  });

  it('are critical once somebody used a public host name over plain HTTP, although the port should be published here only', async () => {
    const app = await startTestApp({
      config: { production: true, host: '0.0.0.0', publicBaseUrl: 'http://127.0.0.1:8080' },
    });
    expect(await findingOf(app, 'https')).toMatchObject({ status: 'OK', situation: 'local' });
    const body = JSON.stringify(OWNER);
    const head = ['Host: ops.corp.example', 'Connection: close', 'Content-Type: application/json'];
    const length = `Content-Length: ${body.length}`;
    const request = ['POST /api/admin/auth/login HTTP/1.1', ...head, length, '', body].join('\r\n');
    expect(await sendRaw(app, request)).toMatchObject({ status: 200 });
    for (const id of ['session-cookie', 'https', 'exposure'] as const) {
      expect(await findingOf(app, id)).toMatchObject({ status: 'CRITICAL' });
    }
  });

  it('say that with OPSTAGE_TRUST_PROXY=true anyone on a private network can claim any address', async () => {
    const trustProxy = ['loopback', 'linklocal', 'uniquelocal'];
    const app = await startTestApp({ config: { ...PUBLIC, trustProxy } });
    expect(await findingOf(app, 'proxy-headers')).toMatchObject({ status: 'WARNING', situation: 'anyone-private' });
  });

  it('are unknown behind an untrusted proxy', async () => {
    const app = await startTestApp();
    expect(await findingOf(app, 'proxy-headers')).toMatchObject({ status: 'OK' });
    await app.api.get('/api/admin/auth/me', { headers: { ...FORWARDED, 'x-forwarded-proto': 'https' } });
    expect(await findingOf(app, 'proxy-headers')).toMatchObject({ status: 'WARNING', situation: 'unbelieved' });
    expect(await findingOf(app, 'https')).toMatchObject({ situation: 'local' });
  });
});
