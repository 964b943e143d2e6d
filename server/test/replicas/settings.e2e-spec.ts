import type { MaintenanceSettings } from '#contracts';
import { eventually } from '#testing';
import { Database } from '../../src/database/database.js';
import { SettingEntity } from '../../src/modules/settings/setting.entity.js';
import { startReplicas } from '../support/replicas.js';

const SETTINGS = '/api/admin/settings/maintenance';

describe('the maintenance settings', () => {
  it('that are changed at one replica hold at the other', async () => {
    const { a, b } = await startReplicas();
    const owner = await a.signIn('owner');
    for (const auditRetentionDays of [30, 60]) {
      const after = await owner.patch(SETTINGS, { auditRetentionDays }).expectOk<MaintenanceSettings>();
      const atB = (): Promise<MaintenanceSettings> => owner.at(b.api).get(SETTINGS).expectOk<MaintenanceSettings>();
      await eventually('the other follows', async () => (await atB()).auditRetentionDays === auditRetentionDays);
      expect(await atB()).toEqual(after);
    }
  });

  it('are the same everywhere after changes at both at once', async () => {
    const { a, b } = await startReplicas();
    const owners = [await a.signIn('owner'), (await a.signIn('owner')).at(b.api)];
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => owners[i % 2]!.patch(SETTINGS, { auditRetentionDays: i + 1 }).expectOk()),
    );
    const shown = () => Promise.all(owners.map((owner) => owner.get(SETTINGS).expectOk<MaintenanceSettings>()));
    const stored = await a.nest.get(Database).manager().findOneByOrFail(SettingEntity, { key: 'maintenance' });
    const last = stored.value.auditRetentionDays;
    await eventually('both show what was stored last', async () =>
      (await shown()).every(({ auditRetentionDays }) => auditRetentionDays === last),
    );
  });
});
