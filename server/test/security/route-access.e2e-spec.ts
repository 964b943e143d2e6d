import type { ErrorEnvelope, Role } from '#contracts';
import { TestOperator, type ApiAnswer, type TestAgent } from '#testing';
import { declaredRoutes, routeName, servedRoutes, type Route } from '../support/routes-of.js';
import { OWNER, PASSWORD, startTestApp, type TestApp } from '../support/start-test-app.js';
import { GETS_WITH_EFFECT, PUBLIC_ROUTES, ROUTE_TABLE } from './route-table.js';

const UNKNOWN = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const ROLES: readonly Role[] = ['viewer', 'operator', 'owner'];

/** A path of the route with unknown ids, except for the agent's. */
const pathOf = ({ path }: Route, agent: TestAgent): string =>
  path
    .replace(':agentId', agent.id)
    .replace(':commandId', `cmd_${UNKNOWN}`)
    .replace(':name', 'echo')
    .replace(':id', `agt_${UNKNOWN}`);

/** The access decision: the refusal's status and code, or `admitted`, whatever the handler answers. */
const outcomeOf = (answer: ApiAnswer): string => {
  if (answer.status < 500 && answer.status !== 401 && answer.status !== 403) return 'admitted';
  const envelope = answer.json<ErrorEnvelope>();
  return `${answer.status} ${answer.error(answer.status, envelope.error.code).code}`;
};

/** A stream does not end; HEAD gets the same access decision. */
const methodOf = ({ method, path }: Route): string => (path === '/api/admin/events' ? 'HEAD' : method);

/** Routes that would end the caller's other sessions get an invalid body, because the test needs those sessions. */
const bodyOf = ({ method, path }: Route) => {
  if (method === 'GET') return {};
  return { body: path === '/api/admin/auth/sessions' ? { refused: true } : {} };
};

/** Signs in again for each call, because a route may end the calling session. */
const signIn = async (app: TestApp, role: Role): Promise<TestOperator> => {
  const { session } = await app.signIn(role);
  const password = role === 'owner' ? OWNER.password : PASSWORD;
  return TestOperator.signIn(app.api, session.user.username, password);
};

const changesItsSession = ({ path }: Route): boolean => /auth\/(?:logout|csrf)$/.test(path);

interface World {
  readonly app: TestApp;
  readonly routes: readonly Route[];
  readonly agent: TestAgent;
}

/** `METHOD path → outcome` of every route for this caller. */
const outcomes = async (
  { routes, agent }: World,
  call: (route: Route, path: string) => PromiseLike<ApiAnswer>,
): Promise<Record<string, string>> => {
  const found: Record<string, string> = {};
  for (const route of routes) {
    const answer = await call(route, pathOf(route, agent));
    found[routeName(route)] = outcomeOf(answer);
  }
  return found;
};

const expected = (decide: (access: string, name: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(ROUTE_TABLE).map(([name, access]) => [name, decide(access, name)]));

describe('access to every route', () => {
  let world: World;

  beforeAll(async () => {
    const app = await startTestApp();
    world = { app, routes: declaredRoutes(app), agent: await app.enrolAgent() };
  });

  it('matches the table, which lists every route', () => {
    const { routes } = world;
    expect(Object.fromEntries(routes.map((route) => [routeName(route), route.access]))).toEqual(ROUTE_TABLE);
    expect(routes).toHaveLength(Object.keys(ROUTE_TABLE).length);
  });

  it('is marked as having an effect for exactly the GETs that have one', () => {
    const marked = world.routes.filter(({ hasEffect }) => hasEffect).map(routeName);
    expect([...marked].sort()).toEqual([...GETS_WITH_EFFECT].sort());
  });

  it('is defined for every route that Express answers', () => {
    expect([...servedRoutes(world.app)].sort()).toEqual([...Object.keys(ROUTE_TABLE), ...PUBLIC_ROUTES].sort());
  });

  it('is refused to anonymous callers except on public routes', async () => {
    const found = await outcomes(world, (route, path) => world.app.api.request(route.method, path, bodyOf(route)));
    expect(found).toEqual(expected((access) => (access === 'public' ? 'admitted' : '401 UNAUTHORIZED')));
  });

  it.each(ROLES)('is granted to a session by its role: %s', async (role) => {
    const kept = await signIn(world.app, role);
    const found = await outcomes(world, async (route, path) => {
      const operator = changesItsSession(route) ? await signIn(world.app, role) : kept;
      return operator.request(methodOf(route), path, bodyOf(route));
    });
    const mayAs = (access: string): string => {
      if (access === 'agent') return '401 UNAUTHORIZED';
      const isEnough = access === 'public' || ROLES.indexOf(role) >= ROLES.indexOf(access as Role);
      return isEnough ? 'admitted' : '403 FORBIDDEN';
    };
    expect(found).toEqual(expected(mayAs));
  });

  it('is granted to an agent on its own routes only', async () => {
    const headers = { authorization: `Bearer ${world.agent.token}` };
    const found = await outcomes(world, ({ method }, path) =>
      world.app.api.request(method, path, { headers, ...(method !== 'GET' && { body: {} }) }),
    );
    const isFor = (access: string) => access === 'agent' || access === 'public';
    expect(found).toEqual(expected((access) => (isFor(access) ? 'admitted' : '401 UNAUTHORIZED')));
  });

  it('is refused to an agent on the path of another', async () => {
    const other = await world.app.enrolAgent();
    const headers = { authorization: `Bearer ${other.token}` };
    const found = await outcomes(world, (route, path) =>
      world.app.api.request(route.method, path, { headers, ...bodyOf(route) }),
    );
    const byAccess: Readonly<Record<string, string>> = { public: 'admitted', agent: '403 AGENT_ID_MISMATCH' };
    expect(found).toEqual(expected((access) => byAccess[access] ?? '401 UNAUTHORIZED'));
  });

  it.each(['Basic', 'Token', 'Bearer:', 'Bear', ''])(
    'is refused to a token sent with the scheme "%s"',
    async (scheme) => {
      const headers = { authorization: `${scheme} ${world.agent.token}`.trim() };
      const found = await outcomes(world, (route, path) =>
        world.app.api.request(route.method, path, { headers, ...bodyOf(route) }),
      );
      expect(found).toEqual(expected((access) => (access === 'public' ? 'admitted' : '401 UNAUTHORIZED')));
    },
  );

  it('requires the CSRF token for every change except the login', async () => {
    const owner = await signIn(world.app, 'owner');
    const stranger = await signIn(world.app, 'owner');
    for (const token of [undefined, '', 'guessed', stranger.session.csrfToken]) {
      const headers = { cookie: owner.cookie, ...(token !== undefined && { 'x-csrf-token': token }) };
      for (const route of world.routes.filter(({ method, access }) => method !== 'GET' && access !== 'agent')) {
        const answer = await world.app.api.request(route.method, pathOf(route, world.agent), { headers, body: {} });
        expect({ [routeName(route)]: outcomeOf(answer) }).toEqual({
          [routeName(route)]: route.access === 'public' ? 'admitted' : '403 CSRF_INVALID',
        });
      }
    }
  });
});
