import type { OpenAPIObject } from '@nestjs/swagger';
import type { AgentSummary } from '#contracts';
import { issuePaths } from '../support/refusal.js';
import { routesOf } from '../support/fuzz/requests-of-route.js';
import { startTestApp } from '../support/start-test-app.js';

describe('a body where a route takes none', () => {
  it('is refused field by field on an admin route, and nothing is done', async () => {
    const app = await startTestApp();
    const operator = await app.signIn('operator');
    const agent = await app.enrolAgent();
    const revoke = `/api/admin/agents/${agent.id}/revoke`;
    const error = await operator.post(revoke, { reason: 'x', force: true }).expectError(422, 'VALIDATION_FAILED');
    expect(error.details).toMatchObject({ issues: [{ path: 'reason' }, { path: 'force' }] });
    await agent.heartbeat().expectOk();
    expect(await operator.post(revoke, {}).expectOk<AgentSummary>()).toMatchObject({ status: 'REVOKED' });
  });

  it('is refused on every admin route that changes something and takes none', async () => {
    const app = await startTestApp();
    const owner = await app.signIn('owner');
    const document = (await app.api.get('/api/openapi.json')).json<OpenAPIObject>();
    const routes = routesOf(document).filter(
      ({ method, path, operation }) =>
        method !== 'GET' && path.startsWith('/api/admin/') && operation.requestBody === undefined,
    );
    expect(routes.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/api/admin/agents/{id}/revoke', '/api/admin/auth/logout', '/api/admin/maintenance/run']),
    );
    for (const { method, path } of routes) {
      const answer = await owner.request(method, path.replaceAll(/\{\w+\}/g, 'any_1'), { body: { x: 1 } });
      expect({ [`${method} ${path}`]: issuePaths(answer) }).toEqual({ [`${method} ${path}`]: ['x'] });
    }
    await owner.get('/api/admin/auth/me').expectOk();
  });

  it('is refused after the access was checked, not before', async () => {
    const app = await startTestApp();
    const viewer = await app.signIn('viewer');
    await viewer.post('/api/admin/maintenance/run', { x: 1 }).expectError(403, 'FORBIDDEN');
    await app.api.post('/api/admin/maintenance/run', { x: 1 }).expectError(401, 'UNAUTHORIZED');
  });
});
