import type { Role } from '#contracts';
import { anAgent } from '../../../../testing/builders';
import { overlay } from '../../../../testing/console';
import { address, dialogClosed, visit } from '../../../../testing/visit';
import { agentsRoutes } from '../agents.routes';

const AGENTS = '/api/admin/agents';

const open = (role: Role = 'operator', url = '/agents') =>
  visit(url, [{ path: 'agents', children: agentsRoutes }], role);

describe('AgentList', () => {
  it('draws each agent with its status, freshness and services, and leads to it', async () => {
    const { backend, screen } = await open();
    const lastSeenAt = new Date(Date.now() - 12_500).toISOString();
    await backend.answerPage(AGENTS, [
      anAgent({ lastSeenAt, serviceCount: 3 }),
      anAgent({ id: 'agt_2', status: 'OFFLINE' }),
    ]);
    const cells = screen.texts('tbody tr:first-child td');
    expect(cells.slice(0, 6)).toEqual(['Till 1 till-1', 'Online', '12 sec. ago', 'embedded', 'nodejs 1.2.3', '3']);
    expect(screen.all('tbody a').map((link) => link.getAttribute('href'))).toEqual(['/agents/agt_1', '/agents/agt_2']);
    expect(screen.all('[data-status]').map((badge) => badge.dataset.status)).toEqual(['ONLINE', 'OFFLINE']);
  });

  it('marks an agent whose token somebody else may have', async () => {
    const { backend, screen } = await open();
    const tokenReusedAt = '2026-01-01T00:00:00.000Z';
    await backend.answerPage(AGENTS, [
      anAgent({ tokenReusedAt }),
      anAgent({ id: 'agt_2', status: 'REVOKED', tokenReusedAt }),
      anAgent({ id: 'agt_3' }),
    ]);
    expect(screen.texts('.mark')).toEqual(['Token copied?']);
  });

  it('says what to do when there are no agents yet', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(AGENTS, []);
    expect(screen.text).toContain('No agents yet');
    expect(screen.names()).not.toContain('Clear filters');
  });

  it('says that nothing matches, and takes the filters away', async () => {
    const { backend, screen } = await open('operator', '/agents?q=none&status=ONLINE');
    const { request } = await backend.answerPage(AGENTS, []);
    expect(request.url).toBe(`${AGENTS}?page=1&sort=-lastSeenAt&q=none&status=ONLINE`);
    expect(screen.text).toContain('Nothing matches the filters');
    await screen.click('Clear filters');
    expect(address()).toBe('/agents');
    await backend.answerPage(AGENTS, [anAgent()]);
    expect(screen.all('tbody tr')).toHaveLength(1);
  });

  it('says what failed and tries again', async () => {
    const { backend, screen } = await open();
    await backend.refuse(AGENTS, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.one('[role=alert]').textContent).toContain('The database is away.');
    await screen.click('Try again');
    await backend.answerPage(AGENTS, [anAgent()]);
    expect(screen.all('tbody tr')).toHaveLength(1);
  });

  it('offers acts to an operator', async () => {
    const { backend, screen } = await open('operator');
    await backend.answerPage(AGENTS, [anAgent(), anAgent({ id: 'agt_2', name: 'Gone', status: 'REVOKED' })]);
    expect(screen.names()).toContain('Enrol an agent');
    expect(screen.names()).toContain('Acts on Till 1');
    expect(screen.names()).not.toContain('Acts on Gone');
  });

  it('offers none to a viewer', async () => {
    const { backend, screen } = await open('viewer');
    await backend.answerPage(AGENTS, [anAgent()]);
    expect(screen.names()).not.toContain('Enrol an agent');
    expect(screen.names()).not.toContain('Acts on Till 1');
  });

  it('revokes an agent once its code is typed, says so and reads again', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(AGENTS, [anAgent()]);
    await screen.click('Acts on Till 1');
    await overlay().click('Revoke', '[role=menuitem]');
    await overlay().type('[role=dialog] input', 'till-1');
    await overlay().click('Revoke', '[role=dialog] button');
    await dialogClosed();
    const { request } = await backend.answer(`${AGENTS}/agt_1/revoke`, anAgent({ status: 'REVOKED' }), 'POST');
    expect(request.headers.get('X-CSRF-Token')).toBe('csrf-1');
    expect(overlay().text).toContain('Till 1 is revoked');
    await backend.answerPage(AGENTS, [anAgent({ status: 'REVOKED' })]);
    expect(screen.one('[data-status]').dataset.status).toBe('REVOKED');
  });

  it('says why an act was refused', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(AGENTS, [anAgent()]);
    await screen.click('Acts on Till 1');
    await overlay().click('Disable', '[role=menuitem]');
    await overlay().click('Disable', '[role=dialog] button');
    await dialogClosed();
    await backend.refuse(`${AGENTS}/agt_1/disable`, 'AGENT_REVOKED', { method: 'POST', message: 'It is revoked.' });
    expect(overlay().text).toContain('It is revoked. (req-1)');
  });
});
