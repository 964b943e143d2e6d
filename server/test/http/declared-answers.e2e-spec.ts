import type { SessionSummary } from '#contracts';
import { TestOperator } from '#testing';
import { tourTheAudit } from '../support/audit-tour.js';
import { GovernedService } from '../support/governed-service.js';
import { PUBLIC_URL } from '../support/passkeys.js';
import { declaredAnswers, OWNER, PASSWORD, startTestApp, type TestApp } from '../support/start-test-app.js';

/** Routes that cannot answer 200 here, each with the reason. Other specs check their answers. */
const NOT_ASKED: Readonly<Record<string, string>> = {};

const READINGS = [
  '/health/live',
  '/health',
  '/api/system/health',
  '/api/system/version',
  ...[
    'auth/me',
    'auth/passkeys',
    'auth/sessions',
    'users',
    'registration-tokens',
    'agents',
    'capsule-services',
    'commands',
    'commands/summary',
    'audit-events',
    'audit-events/summary',
    'audit-events/verify',
    'dashboard/summary',
    'dashboard/overview',
    'metrics',
    'diagnostics/runtime',
    'diagnostics/safety',
    'maintenance/jobs',
    'settings/maintenance',
    'settings/sign-in',
    'backups',
  ].map((path) => `/api/admin/${path}`),
];

/** Calls the routes that the tour of audited actions leaves out. */
const askTheRest = async (app: TestApp): Promise<void> => {
  const governed = await GovernedService.of(app, { health: { status: 'DOWN', details: { disk: { free: 0 } } } });
  const { id } = await governed.running();
  await governed.agent.progress(id, { percent: 50, log: ['half'] }).expectOk();
  await governed.agent.rotateToken();
  const owner = await app.signIn('owner');
  const own = ['', '/manifest', '/health', '/configs', '/actions'].map((part) => `${governed.path}${part}`);
  const [event] = await app.auditEvents('agent.registered');
  const others = [
    `/api/admin/capsule-services/health-strips?serviceId=${governed.service.id}`,
    `/api/admin/agents/${governed.agent.id}`,
    `/api/admin/commands/${id}`,
    `/api/admin/users/${owner.session.user.id}/sessions`,
    `/api/admin/audit-events/${event!.id}`,
  ];
  for (const path of [...READINGS, ...own, ...others]) await owner.get(path).expectOk();
  await endSessions(app, owner);
};

/** Ends the caller's sessions and another user's, one by one and all together. */
const endSessions = async (app: TestApp, owner: TestOperator): Promise<void> => {
  await TestOperator.signIn(app.api, OWNER.username, OWNER.password);
  const own = await owner.get('/api/admin/auth/sessions').expectPage<SessionSummary>();
  const other = own.data.find(({ current }) => !current);
  await owner.delete(`/api/admin/auth/sessions/${other!.id}`).expectOk();
  await owner.confirm(OWNER.password);
  const leaver = { username: 'leaver', password: PASSWORD, role: 'viewer' };
  await owner.post('/api/admin/users', leaver).expectOk();
  const { session } = await TestOperator.signIn(app.api, leaver.username, PASSWORD);
  const theirs = `/api/admin/users/${session.user.id}/sessions`;
  const { data } = await owner.get(theirs).expectPage<SessionSummary>();
  await owner.delete(`${theirs}/${data[0]!.id}`).expectOk();
  await owner.delete(theirs).expectOk();
};

describe('the answer of every route', () => {
  // Add a new route to the audit tour if it is audited, otherwise to READINGS or `askTheRest`.
  it('matches the API description', async () => {
    const app = await startTestApp({ config: { publicBaseUrl: PUBLIC_URL } });
    await tourTheAudit(app);
    await askTheRest(app);
    const { enveloped, seen } = declaredAnswers();
    expect(enveloped.filter((name) => !seen.has(name)).sort()).toEqual(Object.keys(NOT_ASKED).sort());
    expect(enveloped.length).toBeGreaterThan(40);
  });
});
