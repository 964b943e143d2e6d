import type { AgentDetail, CapsuleServiceDetail, ErrorEnvelope, SessionSummary } from '#contracts';
import { aReportedService, type ApiAnswer, type TestAgent } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { declaredRoutes, routeName, type Route } from '../support/routes-of.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const NOBODY = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

/** A valid body for each of the agents' routes. Add new routes here. */
const BODIES: Readonly<Record<string, object | null>> = {
  'POST /api/agents/:agentId/heartbeat': {},
  'POST /api/agents/:agentId/token': {},
  'POST /api/agents/:agentId/services/report': { services: [] },
  'GET /api/agents/:agentId/commands': null,
  'POST /api/agents/:agentId/commands/:commandId/progress': { percent: 50, message: 'half' },
  'POST /api/agents/:agentId/commands/:commandId/result': { success: true },
};

let app: TestApp;
let routes: readonly Route[];
beforeAll(async () => {
  app = await startTestApp();
  routes = declaredRoutes(app).filter(({ access }) => access === 'agent');
});

const filled = (path: string, ids: Readonly<Record<string, string>>): string =>
  path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const id = ids[name];
    if (id === undefined) throw new Error(`No id is known for :${name} of ${path}.`);
    return id;
  });

const call = (caller: TestAgent, route: Route, ids: Readonly<Record<string, string>>): PromiseLike<ApiAnswer> => {
  const body = BODIES[routeName(route)];
  if (body === undefined) throw new Error(`No body is known for ${routeName(route)}.`);
  const headers = { authorization: `Bearer ${caller.token}` };
  return app.api.request(route.method, filled(route.path, ids), { headers, ...(body !== null && { body }) });
};

/** Status and body, without the ids in the request. */
const outcomeOf = ({ status, text }: ApiAnswer, ids: Readonly<Record<string, string>>): string =>
  Object.values(ids).reduce((shown, id) => shown.replaceAll(id, 'ID'), `${status} ${text}`);

/** An agent with a service and commands in every state. */
const aVictim = async () => {
  const governed = await GovernedService.of(app);
  const done = await governed.running();
  await governed.agent.complete(done.id, { success: true }).expectOk();
  const running = await governed.running();
  const pending = await governed.pending();
  const cancelled = await governed.pending();
  await governed.cancel(cancelled.id).expectOk();
  const commandIds = [done.id, running.id, pending.id, cancelled.id];
  const look = async () => {
    await app.settle();
    const viewer = await app.signIn('viewer');
    const commands = await Promise.all(commandIds.map((id) => governed.command(id)));
    const agent = await viewer.get(`/api/admin/agents/${governed.agent.id}`).expectOk<AgentDetail>();
    return { agent, commands, service: await governed.shown() };
  };
  return { ...governed, governed, commandIds, look };
};

describe('ASVS 8.2.2: an agent that names objects of another agent', () => {
  it('gets the same answer as for unknown objects, on every route, and changes nothing', async () => {
    const victim = await aVictim();
    const caller = await app.enrolAgent();
    const before = await victim.look();
    expect(routes.map(routeName).sort()).toEqual(Object.keys(BODIES).sort());
    for (const route of routes) {
      const foreign = (agentId: string, commandId: string) => ({ agentId, commandId });
      const asked = [
        ...victim.commandIds.map((commandId) => foreign(victim.agent.id, commandId)),
        ...victim.commandIds.map((commandId) => foreign(caller.id, commandId)),
      ];
      for (const ids of asked) {
        const isOwnPath = ids.agentId === caller.id;
        // Its own path without another id concerns no other agent.
        if (isOwnPath && !route.path.includes(':commandId')) continue;
        const unknown = { agentId: isOwnPath ? caller.id : `agt_${NOBODY}`, commandId: `cmd_${NOBODY}` };
        const found = outcomeOf(await call(caller, route, ids), ids);
        const missing = outcomeOf(await call(caller, route, unknown), unknown);
        expect({ route: routeName(route), found }).toEqual({ route: routeName(route), found: missing });
        expect(found).toMatch(isOwnPath ? /^404 .*"COMMAND_NOT_FOUND"/ : /^403 .*"AGENT_ID_MISMATCH"/);
      }
    }
    expect(await victim.look()).toEqual(before);
  });

  it('in a heartbeat or report neither changes nor reads them', async () => {
    const victim = await aVictim();
    const caller = await app.enrolAgent();
    const before = await victim.look();
    const health = { status: 'DOWN', message: 'not mine to say' } as const;
    for (const [known, unknown] of [
      [
        { serviceId: victim.service.id, health },
        { serviceId: `svc_${NOBODY}` as const, health },
      ],
      [{ services: [{ code: victim.service.code, health }] }, { services: [{ code: 'nobody', health }] }],
    ] as const) {
      const found = await caller.heartbeat(known);
      const missing = await caller.heartbeat(unknown);
      expect(found.status).toBe(missing.status);
      expect(found.text).toBe(missing.text);
    }
    const stolen = aReportedService({ code: victim.service.code, name: 'Mine now' });
    const { text } = await caller.report([stolen], true);
    expect(text).not.toContain(victim.service.id);
    expect(text).not.toContain(victim.agent.id);
    expect(await victim.look()).toEqual(before);
  });

  it('receives none of the other agent’s commands', async () => {
    const victim = await aVictim();
    const caller = await app.enrolAgent();
    await caller.reportService(aReportedService());
    expect(await caller.poll()).toEqual([]);
    expect((await victim.look()).commands.map(({ status }) => status)).toContain('PENDING');
  });
});

describe('ASVS 8.2.1: a user without permission', () => {
  it('gets the same answer for existing and unknown objects, on every route', async () => {
    const victim = await aVictim();
    const owner = await app.signIn('owner');
    const { id: tokenId } = await owner.createToken();
    const existing: Readonly<Record<string, string>> = {
      users: owner.session.user.id,
      'registration-tokens': tokenId,
      agents: victim.agent.id,
      'capsule-services': victim.service.id,
      commands: victim.commandIds[2]!,
    };
    const [session] = await owner.get('/api/admin/auth/sessions').expectOk<readonly SessionSummary[]>();
    const viewer = await app.signIn('viewer');
    const before = await victim.look();
    const denied = declaredRoutes(app).filter(
      ({ path, access }) => path.includes('/:id') && (access === 'operator' || access === 'owner'),
    );
    expect(denied.length).toBeGreaterThan(8);
    for (const route of denied) {
      const kind = route.path.split('/')[3]!;
      const known = { id: existing[kind] ?? `xyz_${NOBODY}`, name: 'echo', sessionId: session!.id };
      const unknown = {
        id: `${known.id.split('_')[0]!}_${NOBODY}`,
        name: 'nothing',
        sessionId: `ses_${NOBODY}`,
      };
      const body = route.method === 'GET' ? {} : { body: {} };
      const found = await viewer.request(route.method, filled(route.path, known), body);
      const missing = await viewer.request(route.method, filled(route.path, unknown), body);
      expect({ route: routeName(route), found: outcomeOf(found, known) }).toEqual({
        route: routeName(route),
        found: outcomeOf(missing, unknown),
      });
      expect(found.json<ErrorEnvelope>().error.code).toBe('FORBIDDEN');
    }
    expect(await victim.look()).toEqual(before);
  });
});

describe('an id', () => {
  it('cannot be guessed: it is random, and ids of one request are not consecutive', async () => {
    const made = await Promise.all(Array.from({ length: 40 }, () => app.enrolAgent()));
    const own = made.map(({ id }) => id.slice(-13));
    expect(new Set(own.map((digits) => digits.slice(0, 8))).size).toBe(made.length);
  });
});

describe('a field that only the server sets', () => {
  const OWN = { createdAt: '2001-01-01T00:00:00.000Z', updatedAt: '2001-01-01T00:00:00.000Z' };

  it('ASVS 15.3.3: is ignored in heartbeats and reports of agents', async () => {
    const victim = await aVictim();
    const theirs = { id: victim.service.id, agentId: victim.agent.id, ...OWN };
    const { token } = await (await app.signIn('operator')).createToken();
    const description = { code: 'mass-assigned', status: 'DISABLED', role: 'owner', ...theirs, id: victim.agent.id };
    const { agentId, agentToken } = await app.api
      .post('/api/agents/register', { registrationToken: token, agent: description, ...theirs })
      .expectOk<{ agentId: string; agentToken: string }>();
    expect(agentId).not.toBe(victim.agent.id);
    const headers = { authorization: `Bearer ${agentToken}` };
    const send = (path: string, body: object) =>
      app.api.post(`/api/agents/${agentId}${path}`, body, { headers }).expectOk<unknown>();
    await send('/heartbeat', { status: 'DISABLED', lastSeenAt: OWN.createdAt, ...theirs });
    await send('/token', { agentToken: 'opstage_agent_of_my_own', ...theirs });
    const service = {
      ...aReportedService({ code: 'mass-assigned' }),
      ...theirs,
      status: 'OFFLINE',
      retiredAt: OWN.createdAt,
    };
    await send('/services/report', { services: [service], ...theirs });

    const viewer = await app.signIn('viewer');
    const agent = await viewer.get(`/api/admin/agents/${agentId}`).expectOk<AgentDetail>();
    expect(agent).toMatchObject({ id: agentId, status: 'ONLINE', services: [{ code: 'mass-assigned', agentId }] });
    expect(agent.createdAt > OWN.createdAt).toBe(true);
    const shown = await viewer
      .get(`/api/admin/capsule-services/${agent.services[0]!.id}`)
      .expectOk<CapsuleServiceDetail>();
    expect(shown).toMatchObject({ agentId, retiredAt: null });
    expect(shown.id).not.toBe(victim.service.id);
    expect(shown.createdAt > OWN.createdAt).toBe(true);
  });

  it('ASVS 15.3.3: is ignored in a result', async () => {
    const governed = await GovernedService.of(app);
    const command = await governed.running();
    const before = await governed.command(command.id);
    const extra = { status: 'FAILED', agentId: `agt_${NOBODY}`, createdByUserId: `usr_${NOBODY}`, ...OWN };
    const body = { success: true, id: `crs_${NOBODY}`, ...extra };
    await governed.agent.request('POST', `/commands/${command.id}/result`, { body }).expectOk();
    const after = await governed.command(command.id);
    const { agentId, createdAt, createdByUserId } = before;
    expect(after).toMatchObject({ status: 'SUCCEEDED', agentId, createdAt, createdByUserId });
    expect(after.result).not.toMatchObject({ id: `crs_${NOBODY}` });
  });

  it('ASVS 15.3.3: is refused by name in requests of users, on every route, without effect', async () => {
    const fields = ['id', 'status', 'role', 'agentId', 'createdAt', 'createdByUserId', 'passwordHash', '__proto__'];
    const owner = await app.signIn('owner');
    const before = await everything();
    const changing = declaredRoutes(app).filter(
      ({ method, access }) => method !== 'GET' && access !== 'agent' && access !== 'public',
    );
    expect(changing.length).toBeGreaterThan(15);
    for (const route of changing) {
      for (const field of fields) {
        // Where users may set the field, such as a user's role, this value is invalid.
        const rawBody = `{${JSON.stringify(field)}: 7}`;
        const ids = { id: `agt_${NOBODY}`, name: 'echo', sessionId: `ses_${NOBODY}` };
        const headers = { 'content-type': 'application/json' };
        const answer = await owner.request(route.method, filled(route.path, ids), { rawBody, headers });
        const { status, text } = answer;
        expect({ route: routeName(route), field, status, isNamed: text.includes(field) }).toEqual({
          route: routeName(route),
          field,
          status: 422,
          isNamed: true,
        });
      }
    }
    expect(await everything()).toEqual(before);
  });

  /** All objects, as an owner reads them. */
  const everything = async (): Promise<unknown> => {
    const owner = await app.signIn('owner');
    const lists = ['users', 'registration-tokens', 'agents', 'capsule-services', 'commands', 'settings/maintenance'];
    await app.settle();
    return Promise.all(
      lists.map(async (list) => (await owner.get(`/api/admin/${list}`)).json<{ readonly data: unknown }>().data),
    );
  };
});
