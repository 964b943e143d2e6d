import type { ErrorEnvelope } from '#contracts';
import type { TestAgent, TestOperator } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';
import { storedRows } from '../support/stored-rows.js';
import { GETS_WITH_EFFECT } from './route-table.js';

const FOREIGN: readonly (readonly [string, Record<string, string>])[] = [
  ['another site', { 'sec-fetch-site': 'cross-site' }],
  ['a sibling domain', { 'sec-fetch-site': 'same-site' }],
  ['a foreign origin', { origin: 'https://evil.example' }],
  ['no origin', { origin: 'null' }],
  ['a foreign origin that claims to be the same', { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }],
];

describe('a GET with an effect', () => {
  let app: TestApp;
  let operator: TestOperator;
  let agent: TestAgent;
  let paths: readonly string[];

  beforeAll(async () => {
    app = await startTestApp();
    const governed = await GovernedService.of(app);
    ({ agent, operator } = governed);
    const command = await governed.running();
    paths = GETS_WITH_EFFECT.map((route) =>
      route
        .replace('GET ', '')
        .replace('capsule-services/:id', `capsule-services/${governed.service.id}`)
        .replace('commands/:id', `commands/${command.id}`)
        .replace(':name', 'echo')
        .replace(':agentId', agent.id),
    );
  });

  const ask = (method: string, path: string, headers: Record<string, string>) =>
    app.api.request(method, path, {
      headers: path.startsWith('/api/agents/')
        ? { authorization: `Bearer ${agent.token}`, ...headers }
        : { cookie: operator.cookie, ...headers },
    });

  const rowsBesideAudit = async (): Promise<object> => {
    await app.settle();
    const { audit_events: _events, audit_seals: _seals, ...rows } = (await storedRows(app)) as Record<string, unknown>;
    return rows;
  };

  it.each(FOREIGN)('is refused without effect when it comes from %s', async (_name, headers) => {
    const before = await rowsBesideAudit();
    for (const path of paths) {
      const answer = await ask('GET', path, headers);
      expect({ path, code: answer.json<ErrorEnvelope>().error.code }).toEqual({ path, code: 'CROSS_SITE_REQUEST' });
      expect(answer.status).toBe(403);
    }
    expect(await rowsBesideAudit()).toEqual(before);
  });

  it('refuses HEAD without effect', async () => {
    const before = await rowsBesideAudit();
    for (const path of paths) {
      const { status, headers } = await ask('HEAD', path, {});
      expect({ path, status, allow: headers.get('allow') }).toEqual({ path, status: 405, allow: 'GET' });
    }
    expect(await rowsBesideAudit()).toEqual(before);
  });

  it('is audited when it is refused', async () => {
    await app.api.get('/api/admin/auth/csrf', { headers: { 'sec-fetch-site': 'cross-site' } });
    const [event] = await app.auditEvents('access.denied');
    expect(event).toMatchObject({ result: 'FAILURE', metadata: { reason: 'cross-site', method: 'GET' } });
  });

  it('works from our own pages, a typed address and programs', async () => {
    const ours: readonly Record<string, string>[] = [
      {},
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
      { origin: new URL(app.api.baseUrl).origin },
    ];
    for (const headers of ours) {
      for (const path of paths.filter((one) => !one.includes('/actions/'))) {
        expect({ path, status: (await ask('GET', path, headers)).status }).toEqual({ path, status: 200 });
      }
    }
  });
});
