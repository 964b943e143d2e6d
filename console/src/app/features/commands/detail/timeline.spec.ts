import type { CommandDetail, CommandResult } from '#contracts';
import { timelineOf } from './timeline';

const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();
const now = Date.parse(at(20));
const aCommand = (overrides: Partial<CommandDetail>): CommandDetail =>
  ({
    createdAt: at(0),
    startedAt: null,
    completedAt: null,
    durationMs: null,
    result: null,
    ...overrides,
  }) as CommandDetail;

describe('timelineOf', () => {
  it('counts the wait while no agent has taken it', () => {
    expect(timelineOf(aCommand({}), now)).toMatchObject([
      { name: 'created', at: at(0) },
      { name: 'taken', at: null, durationMs: 20_000, isAwaited: true },
      { name: 'ended', at: null, durationMs: null, isAwaited: false },
    ]);
  });

  it('counts the work while it runs', () => {
    expect(timelineOf(aCommand({ startedAt: at(2) }), now)).toMatchObject([
      { name: 'created' },
      { name: 'taken', durationMs: 2_000, isAwaited: false },
      { name: 'ended', at: null, durationMs: 18_000, isAwaited: true },
    ]);
  });

  it('takes the server at its word when it has ended', () => {
    const ended = aCommand({ startedAt: at(2), completedAt: at(5), durationMs: 2_987 });
    expect(timelineOf(ended, now)[2]).toEqual({ name: 'ended', at: at(5), durationMs: 2_987, isAwaited: false });
  });

  it('goes on to an answer that came too late', () => {
    const result = { late: true, reportedAt: at(15) } as CommandResult;
    expect(timelineOf(aCommand({ startedAt: at(2), completedAt: at(9), result }), now)[3]).toEqual({
      name: 'answered',
      at: at(15),
      durationMs: 6_000,
      isAwaited: false,
    });
  });

  it('has no taking when there was none', () => {
    expect(timelineOf(aCommand({ completedAt: at(9) }), now)).toMatchObject([
      { name: 'created' },
      { name: 'ended', at: at(9), durationMs: 9_000 },
    ]);
  });
});
