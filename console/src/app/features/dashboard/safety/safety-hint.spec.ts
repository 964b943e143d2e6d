import type { Role, SafetyFinding } from '#contracts';
import { anOverview, NOW } from '../../../../testing/builders';
import { refreshed, visit } from '../../../../testing/visit';
import { dashboardRoutes } from '../dashboard.routes';

const SAFETY = '/api/admin/diagnostics/safety';
const OVERVIEW = '/api/admin/dashboard/overview';

const open = async (role: Role) => {
  const visited = await visit('/', dashboardRoutes, role);
  await visited.backend.answer(OVERVIEW, anOverview());
  return visited;
};

const report = (...statuses: readonly SafetyFinding['status'][]) => ({
  checkedAt: NOW,
  findings: statuses.map((status) => ({ id: 'https', status, situation: '', values: {}, found: '', whyItMatters: '' })),
});

describe('SafetyHint', () => {
  it('leads an owner to what is unsafe', async () => {
    const { backend, screen } = await open('owner');
    await backend.answer(SAFETY, report('OK', 'WARNING', 'NOTICE', 'CRITICAL'));
    expect(screen.one('ops-safety-hint a').getAttribute('href')).toBe('/settings/safety');
    expect(screen.one('ops-safety-hint').textContent).toContain('Safety: 2 to look at');
  });

  it('is not there while nothing is unsafe, and is not read again', async () => {
    const { backend, screen } = await open('owner');
    await backend.answer(SAFETY, report('OK', 'NOTICE', 'UNKNOWN'));
    expect(screen.all('ops-safety-hint a')).toEqual([]);
    await refreshed();
    await backend.answer(OVERVIEW, anOverview());
    backend.expectNoMore();
  });

  it('does not ask for others, who may not know', async () => {
    const { backend, screen } = await open('operator');
    backend.expectNoMore();
    expect(screen.all('ops-safety-hint a')).toEqual([]);
  });
});
