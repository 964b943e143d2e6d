import type {
  Command,
  CommandResultRequest,
  CreatedRegistrationToken,
  PasskeyCeremony,
  ReportedService,
  User,
} from '#contracts';
import { anAction, anAgentDescription, aReportedService, eventually, TestAgent, TestOperator } from '#testing';
import { ServiceHealthLog } from '../../src/modules/agents/services/health/service-health-log.js';
import { sealAudit } from './audit-seeds.js';
import { claimAndHangUp } from './hang-up.js';
import { OWN_PASSKEYS, passwordOf, showPasskey, showPassword, withPasskey } from './passkeys.js';
import type { TestApp } from './start-test-app.js';
import { tamper } from './tampering.js';

const ADMIN = '/api/admin';

const credentials = async (app: TestApp): Promise<void> => {
  const owner = await app.signIn('owner');
  const ada = { username: 'ada', password: 'a password long enough' };
  const user = await owner.post(`${ADMIN}/users`, { ...ada, role: 'viewer' }).expectOk<User>();
  await owner.patch(`${ADMIN}/users/${user.id}`, { displayName: 'Ada' }).expectOk();
  await app.api.post(`${ADMIN}/auth/login`, { ...ada, password: 'wrong' }).expectError(401, 'UNAUTHORIZED');
  const signedIn = await TestOperator.signIn(app.api, ada.username, ada.password);
  await signedIn.get(`${ADMIN}/users`).expectError(403, 'FORBIDDEN');
  const newPassword = 'another password long enough';
  await signedIn
    .post(`${ADMIN}/auth/password`, { currentPassword: 'wrong', newPassword })
    .expectError(422, 'VALIDATION_FAILED');
  await signedIn.post(`${ADMIN}/auth/password`, { currentPassword: ada.password, newPassword }).expectOk();
  await signedIn.confirm(newPassword);
  await signedIn.get(`${ADMIN}/auth/csrf`).expectOk();
  await owner.post(`${ADMIN}/users/${user.id}/reset-password`, { newPassword }).expectOk();
  const again = await TestOperator.signIn(app.api, ada.username, newPassword);
  await TestOperator.signIn(app.api, ada.username, newPassword);
  await again.delete(`${ADMIN}/auth/sessions`).expectOk();
  await again.post(`${ADMIN}/auth/logout`).expectOk();
};

const passkeys = async (app: TestApp): Promise<void> => {
  const owner = await app.signIn('owner');
  const { user, authenticator, passkey } = await withPasskey(app, 'operator');
  for (const counter of [7, 6]) await showPasskey(app, await showPassword(app, 'operator'), authenticator, { counter });
  const confirm = `${ADMIN}/auth/confirm/passkey`;
  const ceremony = await user.post(`${confirm}/options`).expectOk<PasskeyCeremony>();
  await user
    .post(confirm, { ticket: ceremony.ticket, response: authenticator.get(ceremony, { counter: 8 }) })
    .expectOk();
  const own = `${OWN_PASSKEYS}/${passkey.id}`;
  await user.patch(own, { name: 'work laptop' }).expectOk();
  await user.post(`${own}/remove`, { currentPassword: passwordOf('operator') }).expectOk();
  const { user: viewer } = await withPasskey(app, 'viewer');
  await owner.post(`${ADMIN}/users/${viewer.session.user.id}/passkeys/reset`).expectOk();
};

const tokens = async (app: TestApp): Promise<void> => {
  const operator = await app.signIn('operator');
  const { id } = await operator.createToken();
  await operator.post(`${ADMIN}/registration-tokens/${id}/revoke`).expectOk();
  await operator.delete(`${ADMIN}/registration-tokens/${id}`).expectOk();
  const guessed = { registrationToken: 'opstage_reg_guessed', agent: anAgentDescription() };
  await app.api.post('/api/agents/register', guessed).expectError(401, 'REGISTRATION_TOKEN_INVALID');
  const headers = { authorization: 'Bearer opstage_agent_guessed' };
  await app.api.post('/api/agents/agt_1/heartbeat', {}, { headers }).expectError(401, 'UNAUTHORIZED');
};

const enrolment = async (app: TestApp): Promise<void> => {
  const operator = await app.signIn('operator');
  const agent = await app.enrolAgent();
  const { token } = await operator.createToken({ agentCode: agent.code });
  const registration = { registrationToken: token, agent: anAgentDescription({ code: agent.code }) };
  const current = await TestAgent.register(app.api, registration);
  app.clock.advance(11);
  await agent.heartbeat().expectError(401, 'UNAUTHORIZED');
  const polls = Array.from({ length: 12 }, () => current.park());
  await Promise.all(polls.slice(0, -1));
  await eventually('the displaced polls are audited', async () => {
    const events = await app.auditEventsAbout(agent.id, 'agent.polls.displaced');
    return events.length > 0;
  });
  for (const verb of ['disable', 'enable', 'revoke'])
    await operator.post(`${ADMIN}/agents/${agent.id}/${verb}`).expectOk();
};

const reports = async (app: TestApp): Promise<void> => {
  const operator = await app.signIn('operator');
  const [agent, heir] = [await app.enrolAgent(), await app.enrolAgent()];
  await agent.heartbeat({ agent: { version: '1.1.0' } }).expectOk();
  const service = aReportedService({ configs: [{ key: 'limit', type: 'number', valuePreview: 1 }] });
  const changed: ReportedService = {
    ...service,
    name: 'Another name',
    version: '2.0.0',
    health: { status: 'DOWN', message: 'no disk' },
    configs: [{ key: 'limit', type: 'number', valuePreview: 2 }],
  };
  await agent.reportService(service);
  await agent.reportService(changed);
  await heir.report([changed]).expectOk();
  await operator.post(`${ADMIN}/agents/${agent.id}/disable`).expectOk();
  await heir.reportService(changed);
  const moved = await heir.reportService(aReportedService());
  const { id: agentId } = await app.enrolAgent();
  await operator.post(`${ADMIN}/capsule-services/${moved.id}/move`, { agentId }).expectOk();
  await heir.report([], true).expectOk();
};

/** An agent, an operator and the path of an action of that agent's service. */
const aTarget = async (app: TestApp) => {
  const agent = await app.enrolAgent();
  const service = await agent.reportService(aReportedService({ actions: [anAction({ inputSchema: {} })] }));
  const operator = await app.signIn('operator');
  const action = `${ADMIN}/capsule-services/${service.id}/actions/echo`;
  const ask = (): Promise<Command> => operator.post(action, {}).expectOk<Command>();
  const run = async (result: CommandResultRequest): Promise<Command> => {
    const command = await ask();
    await agent.poll();
    await agent.complete(command.id, result).expectOk();
    return command;
  };
  return { agent, operator, action, ask, run };
};

const commands = async (app: TestApp): Promise<void> => {
  const { agent, operator, action, ask, run } = await aTarget(app);
  const preparing = operator.get(action).expectOk();
  let taken = await agent.poll();
  while (taken.length === 0) taken = await agent.poll();
  await agent.complete(taken[0]!.id, { success: true, data: {} }).expectOk();
  await preparing;
  const failed = await run({ success: false, error: { code: 'NO_DISK', message: 'The disk is full.' } });
  const retried = await operator.post(`${ADMIN}/commands/${failed.id}/retry`).expectOk<Command>();
  await operator.post(`${ADMIN}/commands/${retried.id}/cancel`).expectOk();
  const withKey = await run({ success: true, data: { generatedKey: 'k-123' } });
  await operator.get(`${ADMIN}/commands/${withKey.id}`).expectOk();
  await ask();
  await claimAndHangUp(app, agent);
  await eventually('the command is pending again', async () => (await agent.poll()).length > 0);
  const late = await ask();
  await agent.poll();
  app.clock.advance(305);
  await app.runMaintenance();
  await agent.complete(late.id, { success: true }).expectOk();
};

const silence = async (app: TestApp): Promise<void> => {
  const operator = await app.signIn('operator');
  await operator.post(`${ADMIN}/registration-tokens`, { expiresInSeconds: 60 }).expectOk<CreatedRegistrationToken>();
  const agent = await app.enrolAgent();
  await agent.reportService(aReportedService());
  app.clock.advance(80);
  await agent.heartbeat().expectOk();
  app.clock.advance(60);
  await app.runMaintenance();
  app.clock.advance(300);
  await app.runMaintenance();
  await agent.heartbeat().expectOk();
  await agent.heartbeat({ leaving: { backInSeconds: 60 } }).expectOk();
};

const upkeep = async (app: TestApp): Promise<void> => {
  const owner = await app.confirmedOwner();
  await owner.patch(`${ADMIN}/settings/sign-in`, { passkeyRequiredRoles: ['viewer'] }).expectOk();
  await owner.patch(`${ADMIN}/settings/maintenance`, { auditRetentionDays: 30 }).expectOk();
  await owner.get(`${ADMIN}/audit-events/export?result=FAILURE`);
  await owner.post(`${ADMIN}/backup/sqlite`);
};

const flapping = async (app: TestApp): Promise<void> => {
  const agent = await app.enrolAgent();
  await agent.reportService(aReportedService({ health: { status: 'UP' } }));
  for (let i = 0; i < 14; i += 1) {
    await agent.heartbeat({ health: { status: i % 2 === 0 ? 'DOWN' : 'UP' } }).expectOk();
  }
  app.clock.advance(3_600);
  await app.nest.get(ServiceHealthLog, { strict: false }).catchUp();
};

const clock = async (app: TestApp): Promise<void> => {
  const owner = await app.signIn('owner');
  app.clock.set(7_200);
  await eventually('the jump is audited', async () => (await app.auditEvents('system.clock.jumped')).length > 0);
  await owner.post(`${ADMIN}/maintenance/clock/confirm`).expectOk();
  await eventually('its end is audited', async () => (await app.auditEvents('system.clock.settled')).length > 0);
};

/** Performs every audited action. */
/** Retention removes what is old by then, and what is left is changed. Call it last: it takes events away. */
export const outliveTheAudit = async (app: TestApp): Promise<void> => {
  app.clock.advance(31 * 86_400);
  app.forgetSessions();
  await app.runMaintenance();
  await sealAudit(app);
  await tamper(app.database, `UPDATE audit_events SET message = 'Nothing.' WHERE action = 'maintenance.triggered'`);
  await (await app.signIn('owner')).get(`${ADMIN}/audit-events/verify`).expectOk();
};

/** Performs every audited action, but for those of {@link outliveTheAudit}. */
export const tourTheAudit = async (app: TestApp): Promise<void> => {
  for (const stage of [credentials, passkeys, tokens, enrolment, reports, commands, silence, flapping, upkeep, clock])
    await stage(app);
};
