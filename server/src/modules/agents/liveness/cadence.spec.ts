import { cadenceAt } from './cadence.js';

const CONFIG = { agentHeartbeatIntervalSeconds: 30, commandPollIntervalSeconds: 5 };

describe('The cadence', () => {
  it('is the configured one while the server is not busy', () => {
    expect(cadenceAt(0.5, CONFIG, 90)).toEqual({
      heartbeatIntervalSeconds: 30,
      commandPollIntervalSeconds: 5,
      longPollSeconds: 25,
    });
  });

  it.each([
    [0.8, 45, 10],
    [0.95, 45, 20],
  ])(
    'is longer on a server that is busy %d of the time, but never too long for the offline threshold',
    (share, beat, poll) => {
      expect(cadenceAt(share, CONFIG, 90)).toMatchObject({
        heartbeatIntervalSeconds: beat,
        commandPollIntervalSeconds: poll,
      });
    },
  );

  it('is never shorter than configured, however short the offline threshold', () => {
    expect(cadenceAt(0.95, CONFIG, 10)).toMatchObject({ heartbeatIntervalSeconds: 30, commandPollIntervalSeconds: 20 });
  });
});
