import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEvent, SystemHealth } from '#contracts';
import { anAgentDescription, type ApiCall } from '#testing';
import { declaredRoutes, routeName, type Route } from '../support/routes-of.js';
import { runOpstage } from '../support/run-opstage.js';
import { aStartedPlace, aTestPlace, startTestApp, type TestApp } from '../support/start-test-app.js';
import { PUBLIC_PAGES } from './route-table.js';

const [INSIDE, OUTSIDE] = ['198.51.100.7', '203.0.113.9'];
const OPEN = ['GET /health', 'GET /api/system/health', 'GET /api/system/version'];

const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });

/** A console to serve, laid out like the output of the build. */
const aConsole = (parent: string): string => {
  const folder = join(parent, 'console');
  mkdirSync(folder);
  writeFileSync(join(folder, 'index.html'), '<html><body><ops-root></ops-root></body></html>');
  writeFileSync(join(folder, 'main-ABCD1234.js'), 'start();');
  return folder;
};

/** A server behind a trusted proxy on loopback, which admits `INSIDE` and the test itself. */
const fenced = async (...lists: readonly ('adminAllowedCidrs' | 'agentAllowedCidrs')[]): Promise<TestApp> => {
  const cidrs = ['127.0.0.0/8', '198.51.100.0/24', '2001:db8:1::/48'];
  const config = Object.fromEntries(lists.map((list) => [list, cidrs]));
  const beside = await aStartedPlace();
  return startTestApp({ beside, config: { ...config, trustProxy: ['loopback'], staticDir: aConsole(beside.folder) } });
};

/** Every address the server answers, grouped by its allow-list. */
const routesOf = (app: TestApp): Readonly<Record<'admin' | 'agent' | 'open', readonly Route[]>> => {
  const pages = PUBLIC_PAGES.concat('GET /', 'GET /agents', 'GET /main-ABCD1234.js', 'GET /nothing/of/the/kind').map(
    (name): Route => ({ method: 'GET', path: name.split(' ')[1]!, access: 'public', hasEffect: false }),
  );
  const declared = declaredRoutes(app);
  const isAgents = ({ path }: Route) => path.startsWith('/api/agents/');
  const isOpen = (route: Route) => OPEN.includes(routeName(route));
  return {
    agent: declared.filter(isAgents),
    open: declared.filter(isOpen),
    admin: [...declared.filter((route) => !isAgents(route) && !isOpen(route)), ...pages],
  };
};

/** Calls these routes from `address`; returns `METHOD path → refused or answered`. */
const answers = async (app: TestApp, routes: readonly Route[], address: string): Promise<Record<string, string>> => {
  const found: Record<string, string> = {};
  for (const route of routes) {
    const answer = await app.api.request(route.method, route.path, from(address));
    const isRefused = answer.status === 403 && answer.text.includes('ADDRESS_NOT_ALLOWED');
    found[routeName(route)] = isRefused ? 'refused' : 'answered';
  }
  return found;
};

const all = (routes: readonly Route[], outcome: string): Record<string, string> =>
  Object.fromEntries(routes.map((route) => [routeName(route), outcome]));

const denials = async (app: TestApp): Promise<readonly AuditEvent[]> => app.auditEvents('access.denied');

describe('the allow-list for people', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await fenced('adminAllowedCidrs');
  });

  it.each([
    [`${INSIDE}:4711`, 401],
    ['[2001:db8:1::7]:443', 401],
    [`${OUTSIDE}:4711`, 403],
    [`${OUTSIDE}, ${INSIDE}:443`, 401],
    [`${OUTSIDE}:1, 127.0.0.1:443`, 403],
  ])('reads the address of a proxy that writes %s', async (address, status) => {
    expect((await app.api.get('/api/admin/auth/me', from(address))).status).toBe(status);
  });

  it('is checked first on every route except the agents’ API and the health checks', async () => {
    const { admin, agent, open } = routesOf(app);
    expect(admin.length).toBeGreaterThan(40);
    expect(open).toHaveLength(OPEN.length);
    expect(await answers(app, admin, OUTSIDE)).toEqual(all(admin, 'refused'));
    expect(await answers(app, [...agent, ...open], OUTSIDE)).toEqual(all([...agent, ...open], 'answered'));
    const { edition } = await app.api.get('/api/system/health', from(OUTSIDE)).expectOk<SystemHealth>();
    expect(edition).toBe('ce');
  });

  it('admits addresses inside its networks and refuses all others', async () => {
    const { admin } = routesOf(app);
    expect(await answers(app, admin, INSIDE)).toEqual(all(admin, 'answered'));
    for (const address of ['2001:db8:1::5', '::ffff:198.51.100.7', '::ffff:c633:6407', '127.0.0.1'])
      await app.api.get('/api/openapi.json', from(address)).then((answer) => {
        expect({ address, status: answer.status }).toEqual({ address, status: 200 });
      });
    for (const address of ['2001:db8:2::5', '::ffff:203.0.113.9', '::ffff:cb00:7109', '198.51.101.7', 'unknown', ''])
      await app.api.get('/api/openapi.json', from(address)).then(({ status }) => {
        // Without an address in the header, the address is the proxy's own.
        expect({ address, status }).toEqual({ address, status: address === '' ? 200 : 403 });
      });
  });

  it('also refuses a session that was opened inside', async () => {
    const owner = await app.signIn('owner');
    await owner.get('/api/admin/users', from(INSIDE)).expectOk();
    await owner.get('/api/admin/users', from(OUTSIDE)).expectError(403, 'ADDRESS_NOT_ALLOWED');
  });

  it.each(['/api//admin/users', '/API/admin/users', '/api/%61dmin/users', '/api/agents/../admin/users'])(
    'cannot be bypassed by another spelling: %s',
    async (path) => {
      const owner = await app.signIn('owner');
      const { status, text } = await owner.request('GET', path, from(OUTSIDE));
      expect({ status, names: text.includes(owner.session.user.username) }).toEqual({ status: 403, names: false });
    },
  );

  it('names the setting and the address the server sees when it refuses', async () => {
    const { message } = await app.api.get('/', from(OUTSIDE)).expectError(403, 'ADDRESS_NOT_ALLOWED');
    expect(message).toContain(OUTSIDE);
    expect(message).toContain('OPSTAGE_ADMIN_ALLOWED_CIDRS');
  });

  it('audits each refused address at most once a minute for each route', async () => {
    app.clock.advance(61);
    for (let i = 0; i < 3; i += 1) await app.api.get('/api/admin/agents', from('203.0.113.50'));
    app.clock.advance(61);
    await app.api.post('/api/admin/auth/login', {}, from('203.0.113.50'));
    const events = (await denials(app)).filter(({ ipAddress }) => ipAddress === '203.0.113.50');
    const refused = { actorType: 'USER', actorId: null, targetType: 'User', targetId: null, result: 'FAILURE' };
    expect(events).toMatchObject([
      {
        ...refused,
        metadata: { reason: 'address', method: 'POST', path: '/api/admin/auth/login', suppressedSinceLast: 0 },
      },
      { ...refused, metadata: { reason: 'address', method: 'GET', path: '/api/admin/agents', suppressedSinceLast: 0 } },
    ]);
  });
});

describe('the allow-list for agents', () => {
  it('is checked first on the agents’ API, and nowhere else', async () => {
    const app = await fenced('agentAllowedCidrs');
    const { admin, agent, open } = routesOf(app);
    expect(await answers(app, agent, OUTSIDE)).toEqual(all(agent, 'refused'));
    expect(await answers(app, [...admin, ...open], OUTSIDE)).toEqual(all([...admin, ...open], 'answered'));
  });

  it('applies to agent tokens and to registration tokens, without using up the latter', async () => {
    const app = await fenced('agentAllowedCidrs');
    const agent = await app.enrolAgent();
    await agent.request('POST', '/heartbeat', from(INSIDE)).expectOk();
    await agent.request('POST', '/heartbeat', from(OUTSIDE)).expectError(403, 'ADDRESS_NOT_ALLOWED');
    const { token } = await (await app.signIn('operator')).createToken();
    const register = (address: string): ApiCall => {
      const registration = { registrationToken: token, agent: anAgentDescription() };
      return app.api.post('/api/agents/register', registration, from(address));
    };
    await register(OUTSIDE).expectError(403, 'ADDRESS_NOT_ALLOWED');
    await register(INSIDE).expectOk();
    const refused = { actorType: 'AGENT', actorId: null, targetType: 'Agent', ipAddress: OUTSIDE };
    expect(await denials(app)).toMatchObject([
      { ...refused, metadata: { reason: 'address', path: '/api/agents/register' } },
      { ...refused, metadata: { reason: 'address', path: `/api/agents/${agent.id}/heartbeat` } },
    ]);
  });
});

describe('ASVS 4.1.3: the address of a request', () => {
  it('ignores a forwarded address when no proxy is trusted', async () => {
    const app = await startTestApp({ config: { adminAllowedCidrs: ['198.51.100.0/24'] } });
    await app.api.get('/api/docs', from(INSIDE)).expectError(403, 'ADDRESS_NOT_ALLOWED');
  });

  it('is the last address that a trusted proxy added', async () => {
    const app = await fenced('adminAllowedCidrs');
    await app.api.get('/api/docs', from(`${INSIDE}, ${OUTSIDE}`)).expectError(403, 'ADDRESS_NOT_ALLOWED');
    const { status } = await app.api.get('/api/docs', from(`${OUTSIDE}, ${INSIDE}`));
    expect(status).toBe(200);
  });
});

describe('an invalid network', () => {
  it('stops the start with exit code 78 and one line that names the setting', async () => {
    const settings = { OPSTAGE_ADMIN_ALLOWED_CIDRS: '10.0.0.0/99', OPSTAGE_AGENT_ALLOWED_CIDRS: '10.0.0.0/8' };
    const { code, output, errors } = await runOpstage(await aTestPlace(), ['doctor'], { settings });
    expect({ code, output, lines: errors.trim().split('\n') }).toEqual({
      code: 78,
      output: '',
      lines: [expect.stringMatching(/^OPSTAGE_ADMIN_ALLOWED_CIDRS must be a comma-separated list of addresses/)],
    });
  });
});

describe('the SDK, which people and agents install', () => {
  const SDK: readonly Route[] = ['/sdk/index.json', '/sdk/opstage_agent.py'].map((path) => ({
    method: 'GET',
    path,
    access: 'public',
    hasEffect: false,
  }));

  it('is given to whoever one of the lists admits', async () => {
    const both = await fenced('adminAllowedCidrs', 'agentAllowedCidrs');
    expect(await answers(both, SDK, INSIDE)).toEqual(all(SDK, 'answered'));
    expect(await answers(both, SDK, OUTSIDE)).toEqual(all(SDK, 'refused'));
    expect(await answers(await fenced('adminAllowedCidrs'), SDK, OUTSIDE)).toEqual(all(SDK, 'answered'));
  });
});
