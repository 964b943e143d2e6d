import { secondsToRun } from './command-execution.js';

describe('secondsToRun', () => {
  const startedAt = '2020-01-01T00:00:00.000Z';
  const at = (seconds: number): string => new Date(Date.parse(startedAt) + seconds * 1000).toISOString();

  it.each([
    ['until a little before the server gives up', { startedAt, expiresAt: at(300) }, 298],
    ['most of a short time', { startedAt, expiresAt: at(10) }, 9],
    ['as long as the action allows', { startedAt, expiresAt: at(300), timeoutSeconds: 60 }, 60],
    ['not at all when it is over', { startedAt, expiresAt: at(-1) }, 0],
    ['without end when none is named', {}, Infinity],
    ['without end when it cannot be read', { startedAt, expiresAt: 'soon' }, Infinity],
  ])('is %s', (_, command, seconds) => {
    expect(secondsToRun(command)).toBe(seconds);
  });
});
