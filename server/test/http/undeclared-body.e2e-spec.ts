import type { AgentSummary } from '#contracts';
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

  it('is refused after the access was checked, not before', async () => {
    const app = await startTestApp();
    const viewer = await app.signIn('viewer');
    await viewer.post('/api/admin/maintenance/run', { x: 1 }).expectError(403, 'FORBIDDEN');
    await app.api.post('/api/admin/maintenance/run', { x: 1 }).expectError(401, 'UNAUTHORIZED');
  });
});
