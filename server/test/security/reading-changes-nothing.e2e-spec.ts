import type { CapsuleServiceDetail, Role } from '#contracts';
import { aReportedService, eventually, type TestAgent } from '#testing';
import { AuditChainService } from '../../src/modules/audit/chain/audit-chain.service.js';
import { declaredRoutes, type Route, routeName, servedRoutes } from '../support/routes-of.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';
import { storedRows } from '../support/stored-rows.js';

interface Effect {
  readonly why: string;
  /** Creates something to read, and returns the requests that read it. */
  readonly reader: (scene: Scene) => Promise<() => PromiseLike<unknown>>;
}

/** GETs that change something, each with the reason. */
const WITH_AN_EFFECT: Readonly<Record<string, Effect>> = {
  'GET /api/admin/auth/csrf': {
    why: 'The wire has it: it replaces the CSRF token of the session that asks, and is audited.',
    reader: async ({ app }) => {
      const user = await app.newUser('viewer');
      return () => user.get('/api/admin/auth/csrf').expectOk();
    },
  },
  'GET /api/admin/capsule-services/:id/actions/:name': {
    why: 'The wire has it: prepare asks the agent; same-site only.',
    reader: async ({ app, ids }) => {
      const operator = await app.signIn('operator');
      const commandCount = async () => (await operator.get('/api/admin/commands').expectPage()).pagination.total;
      const before = await commandCount();
      return async () => {
        // Its answer would wait for the agent, which is not needed here.
        void operator
          .get(`/api/admin/capsule-services/${ids['capsule-services']}/actions/echo`)
          .then(undefined, () => undefined);
        await eventually('the agent is asked', async () => (await commandCount()) > before);
      };
    },
  },
  'GET /api/admin/audit-events/export': {
    why: 'It changes nothing, and leaves the audit event that says who took the audit away.',
    reader: async ({ app }) => {
      const operator = await app.signIn('operator');
      return () => operator.get('/api/admin/audit-events/export');
    },
  },
  'GET /api/agents/:agentId/commands': {
    why: 'The wire has it: a poll takes its commands; no browser can make it.',
    reader: async ({ app, agent, ids }) => {
      const action = `/api/admin/capsule-services/${ids['capsule-services']}/actions/echo`;
      await (await app.signIn('operator')).post(action, { payload: { text: 'take me' } }).expectOk();
      return () => agent.poll();
    },
  },
};

/** Streams do not end; HEAD runs the same handler. */
const STREAMS = ['GET /api/admin/events'];

interface Scene {
  readonly app: TestApp;
  readonly agent: TestAgent;
  readonly ids: Readonly<Record<string, string>>;
}

/** An installation with at least one object of every kind. */
const setScene = async (): Promise<Scene> => {
  const app = await startTestApp();
  app.clock.stop();
  const agent = await app.enrolAgent();
  const [owner, operator] = [await app.signIn('owner'), await app.signIn('operator')];
  await app.signIn('viewer');
  await agent.report([aReportedService({ code: 'billing' })]);
  const [service] = (await owner.get('/api/admin/capsule-services').expectPage<CapsuleServiceDetail>()).data;
  const run = await operator
    .post(`/api/admin/capsule-services/${service!.id}/actions/echo`, { payload: { text: 'read me' } })
    .expectOk<{ readonly id: string }>();
  await app.settle();
  return {
    app,
    agent,
    ids: {
      agents: agent.id,
      'capsule-services': service!.id,
      commands: run.id,
      users: owner.session.user.id,
      'audit-events': (await app.auditEvents('agent.registered'))[0]!.id,
    },
  };
};

const pathOf = ({ ids, agent }: Scene, { path }: Route): string =>
  path
    .replace(':agentId', agent.id)
    .replace(':name', 'echo')
    .replace(/\/([a-z-]+)\/:id/, (_, collection: string) => `/${collection}/${ids[collection] ?? 'xxx_unknown'}`);

describe('ASVS 3.5.3: reading', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await setScene();
  });

  it.each<Role | 'agent' | 'nobody'>(['viewer', 'operator', 'owner', 'agent', 'nobody'])(
    'changes no row of any table, on any route: as %s',
    async (who) => {
      const { app, agent } = scene;
      const user = who === 'agent' || who === 'nobody' ? null : await app.signIn(who);
      const headers: Record<string, string> = who === 'agent' ? { authorization: `Bearer ${agent.token}` } : {};
      const routes = declaredRoutes(app).filter(({ method }) => method === 'GET');
      const pages = servedRoutes(app).filter((route) => !routes.map(routeName).includes(route));
      const read = [
        ...routes
          .filter((route) => !(routeName(route) in WITH_AN_EFFECT))
          .map((route) => ({
            path: pathOf(scene, route),
            method: STREAMS.includes(routeName(route)) ? 'HEAD' : 'GET',
          })),
        ...pages.filter((page) => page.startsWith('GET ')).map((page) => ({ path: page.slice(4), method: 'GET' })),
      ];
      expect(read.length).toBeGreaterThan(30);
      const readAll = async (): Promise<readonly number[]> => {
        const statuses: number[] = [];
        for (const { method, path } of read) {
          const { status } = await (user ?? app.api).request(method, path, { headers });
          expect({ path, isFine: status < 500 }).toEqual({ path, isFine: true });
          statuses.push(status);
        }
        return statuses;
      };
      // A refusal is audited once a minute for each caller and route: the first reading causes these events.
      await readAll();
      // The server seals its audit by itself, about a second after the events; it has done so here.
      await app.nest.get(AuditChainService).sealNew();
      const before = await storedRows(app);
      const answered = await readAll();
      await app.settle();
      expect(await storedRows(app)).toEqual(before);
      if (user) expect(answered.filter((status) => status === 200).length).toBeGreaterThan(20);
    },
  );

  it.each(Object.entries(WITH_AN_EFFECT))('has an effect on this route: %s', async (route, { reader }) => {
    const { app } = scene;
    expect(declaredRoutes(app).map(routeName)).toContain(route);
    const read = await reader(scene);
    await app.settle();
    await app.nest.get(AuditChainService).sealNew();
    const before = await storedRows(app);
    await read();
    expect(await storedRows(app)).not.toEqual(before);
  });
});
