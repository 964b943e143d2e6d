import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Command, Role, User } from '#contracts';
import { anAgentDescription, aReportedService, TestAgent, TestOperator, type ApiAnswer } from '#testing';
import { BuiltServer, OWNER } from '../support/built-server.js';
import { requestsOfRoute, routesOf, type FuzzedRequest, type FuzzedRoute } from '../support/fuzz/requests-of-route.js';

/** The seed determines the requests; the environment can set another seed and more requests. */
const SEED = Number(process.env.OPSTAGE_TEST_FUZZ_SEED ?? 20_261_128);
const RUNS = Number(process.env.OPSTAGE_TEST_FUZZ_RUNS ?? 12);
const MAX_MS = 240_000;

/** These answers stay open whatever is sent; their own specs send invalid requests. */
const ENDLESS = '/api/admin/events';

/** Routes that end the calling session or replace its CSRF token when they succeed. */
const ENDS_SESSION = /\/auth\/(?:logout|csrf)(?:\?|$)/;

/** Server internals: a stack trace, SQL, a file path. */
const INSIDES = /\n\s+at |node_modules|\bSELECT .* FROM\b|SQLITE_|QueryFailedError|\/dist\//;

type Send = (request: FuzzedRequest) => PromiseLike<ApiAnswer>;

describe('any request to any route by any caller', () => {
  let folder: string;
  let server: BuiltServer;
  let ids: readonly string[];
  let serviceId: string;
  const senders = new Map<string, Send>();

  beforeAll(async () => {
    process.stdout.write(`fuzz: OPSTAGE_TEST_FUZZ_SEED=${SEED} OPSTAGE_TEST_FUZZ_RUNS=${RUNS}\n`);
    folder = mkdtempSync(join(tmpdir(), 'opstage-fuzz-'));
    server = await BuiltServer.start(join(folder, 'data'), {
      OPSTAGE_LOG_LEVEL: 'error',
      OPSTAGE_SESSION_SECRET: 'a secret that only the fuzzed server has',
      OPSTAGE_TRUST_PROXY: 'loopback',
    });
    const owner = await TestOperator.signIn(server.api, OWNER.username, OWNER.password);
    const password = 'long enough for anybody';
    const newUser = (username: string, role: Role) =>
      owner.post('/api/admin/users', { username, password, role }).expectOk<User>();
    for (const role of ['viewer', 'operator'] as const) await newUser(role, role);
    const victim = await newUser('victim', 'viewer');
    const registrationToken = await owner.createToken();
    const agent = await TestAgent.register(server.api, {
      registrationToken: registrationToken.token,
      agent: anAgentDescription(),
    });
    const service = await agent.reportService(aReportedService());
    const action = `/api/admin/capsule-services/${service.id}/actions/echo`;
    const command = await owner.post(action, { payload: { text: 'hi' } }).expectOk<Command>();
    ids = [agent.id, service.id, command.id, victim.id, registrationToken.id, 'agt_01ARZ3NDEKTSV4RRFFQ69G5FAV'];

    serviceId = service.id;

    // Failed sign-ins come from an address of their own, because that address is throttled after many.
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    senders.set('nobody', ({ method, path, options }) => server.api.request(method, path, { ...options, headers }));
    senders.set('agent', ({ method, path, options }) => {
      const own = path.replace(/(?<=\/api\/agents\/)[^/]+/, agent.id);
      const authorization = `Bearer ${agent.token}`;
      return server.api.request(method, own, { ...options, headers: { ...headers, authorization } });
    });
    for (const role of ['viewer', 'operator', 'owner']) {
      const signIn = () => TestOperator.signIn(server.api, role, role === OWNER.username ? OWNER.password : password);
      let user = await signIn();
      senders.set(role, async ({ method, path, options }) => {
        const answer = await user.request(method, path, { ...options, headers });
        if (answer.status === 200 && ENDS_SESSION.test(path)) user = await signIn();
        return answer;
      });
    }
  });
  afterAll(async () => {
    await server.program.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const check = (request: FuzzedRequest, answer: ApiAnswer): void => {
    const told = `${request.method} ${request.path} ${JSON.stringify(request.options).slice(0, 1_000)}`;
    if (answer.status >= 500) throw new Error(`${told} was answered ${answer.status} ${answer.text}`);
    if (INSIDES.test(answer.text)) throw new Error(`${told} was told too much: ${answer.text.slice(0, 2_000)}`);
    if (!answer.headers.get('x-request-id')) throw new Error(`${told} was answered without a request id.`);
    // The client checks every JSON answer against its declaration.
    const type = answer.headers.get('content-type') ?? '';
    if (answer.status >= 400 && !type.startsWith('application/json'))
      throw new Error(`${told} was answered as ${type}`);
  };

  /** Ids for the route's path. No agent runs, so a GET that prepares an action would wait in vain. */
  const idsOf = ({ method, path }: FuzzedRoute): readonly string[] => {
    if (!path.endsWith('{name}')) return ids;
    return [serviceId, method === 'GET' ? 'nothing' : 'echo'];
  };

  const attack = async (route: FuzzedRoute, send: Send, numRuns: number): Promise<void> => {
    const property = fc.asyncProperty(requestsOfRoute(server.document, route, idsOf(route)), async (request) => {
      check(request, await send(request));
    });
    await fc.assert(property, { seed: SEED, numRuns, endOnFailure: true });
  };

  it.each(['nobody', 'agent', 'viewer', 'operator', 'owner'])(
    'is answered in the envelope and as declared, never with 5xx: %s',
    async (name) => {
      const send = senders.get(name)!;
      const isRefused = name === 'nobody' || name === 'agent';
      const all = routesOf(server.document);
      const routes = all.filter(({ path }) => isRefused || path !== ENDLESS);
      expect(all.length - routes.length).toBe(isRefused ? 0 : 1);
      for (const route of routes) {
        const isSlow = /backup\/|maintenance\/run|\/verify|\/export/.test(route.path);
        await attack(route, send, isSlow ? 2 : RUNS);
      }
      expect(server.program.isRunning).toBe(true);
    },
    MAX_MS,
  );

  it('leaves the server healthy and its error log empty', async () => {
    const owner = await TestOperator.signIn(server.api, OWNER.username, OWNER.password);
    await owner.get('/api/admin/dashboard/overview').expectOk();
    expect(server.program.output).not.toContain('"level":50');
  });
});
