import type { AppConfig } from '../../../config/app-config.js';
import type { MaintenanceSettingsService } from '../../settings/maintenance-settings.service.js';
import { CadenceService, type EventLoopLoad } from './cadence.js';

const cadenceAt = (share: number, agentOfflineThresholdSeconds = 90) =>
  new CadenceService(
    { agentHeartbeatIntervalSeconds: 30, commandPollIntervalSeconds: 5 } as AppConfig,
    { current: { agentOfflineThresholdSeconds } } as MaintenanceSettingsService,
    { utilization: () => share } as EventLoopLoad,
  ).current();

describe('the cadence', () => {
  it('is the configured one while the server has time', () => {
    expect(cadenceAt(0.5)).toEqual({
      heartbeatIntervalSeconds: 30,
      commandPollIntervalSeconds: 5,
      longPollSeconds: 25,
    });
  });

  it.each([
    [0.8, 45, 10],
    [0.95, 45, 20],
  ])(
    'is stretched when the server is busy %d of its time, never so that an agent looks silent',
    (share, beat, poll) => {
      expect(cadenceAt(share)).toMatchObject({ heartbeatIntervalSeconds: beat, commandPollIntervalSeconds: poll });
    },
  );

  it('is never shorter than configured, however soon an agent counts as silent', () => {
    expect(cadenceAt(0.95, 10)).toMatchObject({ heartbeatIntervalSeconds: 30, commandPollIntervalSeconds: 20 });
  });
});
