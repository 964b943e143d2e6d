import type { HealthConcern, Role } from '#contracts';
import { overlay } from '../../../../testing/console';
import { dialogClosed, visit } from '../../../../testing/visit';
import { settingsRoutes } from '../settings.routes';

const HEALTH = '/api/system/health';
const CONFIRM = '/api/admin/maintenance/clock/confirm';
const JUMPED: HealthConcern = { code: 'CLOCK_JUMPED', message: 'The clock jumped ahead by a day.' };
const FULL: HealthConcern = { code: 'DISK_FULL', message: 'The disk is full.' };

const open = async (role: Role, concerns: readonly HealthConcern[]) => {
  const visited = await visit('/settings/maintenance', [{ path: 'settings', children: settingsRoutes }], role);
  await visited.backend.refuse('/api/admin/settings/maintenance', 'DATABASE_UNAVAILABLE');
  await visited.backend.answer('/api/admin/maintenance/jobs', []);
  await visited.backend.answer(HEALTH, { status: 'DEGRADED', concerns });
  return visited;
};

describe('HealthConcerns', () => {
  it('says everything that needs attention, to everybody', async () => {
    const { screen } = await open('viewer', [FULL, JUMPED]);
    const text = screen.one('ops-health-concerns').textContent;
    for (const words of [
      'DISK_FULL',
      'The disk is full.',
      'CLOCK_JUMPED',
      'jumped ahead by a day',
      'nothing old is deleted',
    ])
      expect(text).toContain(words);
  });

  it('says nothing when nothing does', async () => {
    const { screen } = await open('owner', []);
    expect(screen.one('ops-health-concerns').textContent.trim()).toBe('');
  });

  it.each([
    ['owner', [JUMPED], 1],
    ['owner', [FULL], 0],
    ['operator', [JUMPED], 0],
  ] as const)('offers an owner to confirm a clock in doubt: %s, %j', async (role, concerns, buttons) => {
    const { screen } = await open(role, concerns);
    expect(screen.all('ops-health-concerns button')).toHaveLength(buttons);
  });

  it('confirms the clock once that is confirmed, and looks again', async () => {
    const { backend, screen } = await open('owner', [JUMPED]);
    await screen.click('Confirm the clock');
    backend.expectNone(CONFIRM);
    await overlay().click('Confirm the clock');
    await dialogClosed();
    await backend.answer(CONFIRM, { wasInDoubt: true }, 'POST');
    expect(overlay().text).toContain('The clock is confirmed');
    await backend.answer(HEALTH, { status: 'UP' });
    expect(screen.one('ops-health-concerns').textContent.trim()).toBe('');
  });
});
