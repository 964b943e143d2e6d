import type { OpenAPIObject } from '@nestjs/swagger';
import { ROUTE_TABLE } from '../security/route-table.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';
import { PUBLISHED_OPERATION_IDS } from './operation-ids.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const;

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const contentOf = ({ responses }: Operation, status: number): object | undefined => {
  const response = responses[status];
  return response && 'content' in response ? response.content : undefined;
};

describe('the API’s own description', () => {
  let app: TestApp;
  let document: OpenAPIObject;

  beforeAll(async () => {
    app = await startTestApp();
    document = (await app.api.get('/api/openapi.json')).json<OpenAPIObject>();
  });

  /** `METHOD path` with its operation, parameters written as in the route table. */
  const operations = () =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      METHODS.flatMap((method) => {
        const operation = item[method];
        const name = `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
        return operation ? [{ name, operation }] : [];
      }),
    );

  it('lists exactly the existing routes', () => {
    expect(
      operations()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(Object.keys(ROUTE_TABLE).sort());
  });

  it('names the credential of each route', () => {
    const schemes = operations().map(({ name, operation }) => [name, (operation.security ?? []).flatMap(Object.keys)]);
    const expected = Object.entries(ROUTE_TABLE).map(([name, access]) => {
      if (access === 'public') return [name, []];
      return [name, [access === 'agent' ? 'bearer' : 'cookie']];
    });
    expect(Object.fromEntries(schemes)).toEqual(Object.fromEntries(expected));
    expect(document.components?.securitySchemes).toMatchObject({
      bearer: { type: 'http', scheme: 'bearer' },
      cookie: { type: 'apiKey', in: 'cookie', name: 'opstage_session' },
    });
  });

  it('declares the answers of each route: 200 in the envelope, or an error', () => {
    for (const { name, operation } of operations()) {
      expect({ [name]: Object.keys(operation.responses) }).toEqual({
        [name]: expect.arrayContaining(['200', 'default']) as unknown,
      });
    }
    const streams = operations().filter(({ operation }) => '*/*' in (contentOf(operation, 200) ?? {}));
    expect(streams.map(({ name }) => name).sort()).toEqual([
      'GET /api/admin/audit-events/export',
      'GET /api/admin/events',
      'POST /api/admin/backup/sqlite',
    ]);
    const codes = document.components?.schemas?.ErrorEnvelope;
    expect(JSON.stringify(codes)).toContain('AGENT_ID_MISMATCH');
  });

  it('describes the paging of lists', () => {
    const paged = operations().flatMap(({ name, operation }) => {
      const names = (operation.parameters ?? []).flatMap((one) =>
        'in' in one && one.in === 'query' ? [one.name] : [],
      );
      const paging = names.filter((one) => ['page', 'pageSize', 'cursor'].includes(one)).sort();
      return paging.length > 0 ? [[name, paging.join()]] : [];
    });
    expect(Object.fromEntries(paged)).toEqual({
      'GET /api/admin/auth/sessions': 'page,pageSize',
      'GET /api/admin/users': 'page,pageSize',
      'GET /api/admin/users/:id/sessions': 'page,pageSize',
      'GET /api/admin/registration-tokens': 'page,pageSize',
      'GET /api/admin/agents': 'page,pageSize',
      'GET /api/admin/capsule-services': 'page,pageSize',
      'GET /api/admin/commands': 'cursor,page,pageSize',
      'GET /api/admin/audit-events': 'cursor,page,pageSize',
    });
  });

  it('names the requests that accept an idempotency key', () => {
    const keyed = operations().filter(({ operation }) =>
      (operation.parameters ?? []).some((one) => 'in' in one && one.in === 'header' && one.name === 'Idempotency-Key'),
    );
    expect(keyed.map(({ name }) => name).sort()).toEqual([
      'POST /api/admin/capsule-services/:id/actions/:name',
      'POST /api/admin/commands/:id/retry',
    ]);
  });

  it('keeps the id of every operation', () => {
    const ids = operations().map(({ name, operation }) => [name, operation.operationId]);
    // A new route needs an id of its own in the list; one that is there stays.
    expect(Object.fromEntries(ids)).toEqual(PUBLISHED_OPERATION_IDS);
    expect(new Set(ids.map(([, id]) => id)).size).toBe(ids.length);
  });

  it('says where it is, and under which licence', () => {
    expect(document.servers).toEqual([{ url: '/' }]);
    expect(document.info.license).toEqual({ name: 'Apache-2.0', identifier: 'Apache-2.0' });
    expect(document.components?.securitySchemes?.bearer).not.toHaveProperty('bearerFormat');
  });

  it('is shown on a page that loads nothing from other hosts', async () => {
    const page = await app.api.get('/api/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, source]) => new URL(source!, `${app.api.baseUrl}/api/docs`),
    );
    expect(sources.length).toBeGreaterThan(2);
    for (const source of sources) {
      expect(source.origin).toBe(new URL(app.api.baseUrl).origin);
      expect({ [source.pathname]: (await app.api.get(source.pathname)).status }).toEqual({ [source.pathname]: 200 });
    }
  });

  it('is available as JSON', async () => {
    const { headers } = await app.api.get('/api/openapi.json');
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(document.openapi).toMatch(/^3\./);
    expect(document.info).toMatchObject({ title: 'Opstage CE', version: '0.0.0-test' });
  });
});
