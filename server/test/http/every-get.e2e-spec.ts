import { PUBLIC_PAGES } from '../security/route-table.js';
import { GovernedService } from '../support/governed-service.js';
import { type RawAnswer, rawRequest, sendRaw, sendRawUntil } from '../support/raw-http.js';
import { declaredRoutes, type Route, routeName } from '../support/routes-of.js';
import { aTestPlace, startTestApp, type TestApp } from '../support/start-test-app.js';

/** Its response does not end. */
const EVENTS = '/api/admin/events';
/** Its response waits for an agent. */
const PREPARE = '/api/admin/capsule-services/:id/actions/:name';

interface Get {
  readonly name: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly hasEffect: boolean;
}

const headerOf = ({ headers }: RawAnswer, name: string): string | null =>
  new RegExp(`^${name}: (.*)$`, 'im').exec(headers)?.[1]?.trim() ?? null;

describe('every GET', () => {
  let app: TestApp;
  let gets: readonly Get[];

  beforeAll(async () => {
    app = await startTestApp();
    const governed = await GovernedService.of(app);
    const command = await governed.running();
    const owner = await app.signIn('owner');
    const [event] = await app.auditEvents('agent.registered');
    const ids: Readonly<Record<string, string>> = {
      agents: governed.agent.id,
      'capsule-services': governed.service.id,
      commands: command.id,
      users: owner.session.user.id,
      'audit-events': event!.id,
    };
    const toGet = (route: Route): Get => ({
      name: routeName(route),
      path: route.path
        .replace(':agentId', governed.agent.id)
        .replace(':name', 'echo')
        .replace(/\/([a-z-]+)\/:id/, (_, collection: string) => `/${collection}/${ids[collection]}`),
      headers:
        route.access === 'agent' ? [`Authorization: Bearer ${governed.agent.token}`] : [`Cookie: ${owner.cookie}`],
      hasEffect: route.hasEffect,
    });
    const exports = ['csv', 'json', 'jsonl'].map((format) => `GET /api/admin/audit-events/export?format=${format}`);
    gets = [
      ...declaredRoutes(app)
        .filter(({ method, path }) => method === 'GET' && path !== PREPARE)
        .map(toGet),
      ...[...PUBLIC_PAGES, 'GET /api/nothing', 'GET /nothing'].map((name) =>
        toGet({ method: 'GET', path: name.slice(4), access: 'public', hasEffect: false }),
      ),
      ...exports.map((name) => toGet({ method: 'GET', path: name.slice(4), access: 'operator', hasEffect: true })),
    ];
  });

  afterEach(async () => {
    await app.api.get('/health').expectOk();
  });

  const get = (path: string, protocol: string, headers: readonly string[]): Promise<RawAnswer> => {
    const text = rawRequest(`GET ${path} ${protocol}`, headers);
    return path === EVENTS ? sendRawUntil(app, text, ({ body }) => body.includes('event: ready')) : sendRaw(app, text);
  };

  it('answers over HTTP/1.0 as over HTTP/1.1, without chunks and trailers', async () => {
    for (const { name, path, headers } of gets) {
      const [later, earlier] = [await get(path, 'HTTP/1.1', headers), await get(path, 'HTTP/1.0', headers)];
      expect({ name, status: earlier.status }).toEqual({ name, status: later.status });
      expect({ name, type: headerOf(earlier, 'content-type') }).toEqual({
        name,
        type: headerOf(later, 'content-type'),
      });
      expect(headerOf(earlier, 'transfer-encoding')).toBeNull();
      expect(headerOf(earlier, 'trailer') ?? headerOf(later, 'trailer')).toBeNull();
      if (headerOf(earlier, 'content-type')?.startsWith('application/json')) JSON.parse(earlier.body);
    }
  });

  it('answers HEAD like GET without a body, or with 405 if the GET has an effect', async () => {
    for (const { name, path, headers, hasEffect } of gets) {
      for (const protocol of ['HTTP/1.1', 'HTTP/1.0']) {
        const head = await sendRaw(app, rawRequest(`HEAD ${path} ${protocol}`, headers));
        const expected = hasEffect ? 405 : (await get(path, 'HTTP/1.1', headers)).status;
        expect({ name, protocol, status: head.status, body: head.body }).toEqual({
          name,
          protocol,
          status: expected,
          body: '',
        });
        expect(headerOf(head, 'x-request-id')).not.toBeNull();
      }
    }
  });
});

describe('a download by POST', () => {
  it('answers over HTTP/1.0', async () => {
    const app = await startTestApp({ beside: await aTestPlace('sqlite') });
    const owner = await app.signIn('owner');
    const headers = [`Cookie: ${owner.cookie}`, `X-CSRF-Token: ${owner.session.csrfToken}`, 'Content-Length: 0'];
    const answer = await sendRaw(app, rawRequest('POST /api/admin/backup/sqlite HTTP/1.0', headers));
    expect(answer.status).toBe(200);
    expect(headerOf(answer, 'content-length')).toMatch(/^\d{5,}$/);
    expect(headerOf(answer, 'transfer-encoding')).toBeNull();
  });
});
