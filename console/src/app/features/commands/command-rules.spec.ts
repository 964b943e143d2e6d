import type { CommandResult } from '#contracts';
import { aCommand } from '../../../testing/builders';
import { actsFor, mayHaveRun, outcomeKey } from './command-rules';

const LATE = { late: true } as CommandResult;

describe('actsFor', () => {
  it.each([
    [{ status: 'PENDING' }, ['cancel']],
    [{ status: 'RUNNING' }, ['cancel']],
    [{ status: 'SUCCEEDED' }, []],
    [{ status: 'FAILED' }, ['retry']],
    [{ status: 'FAILED', type: 'ACTION_PREPARE' }, []],
    [{ status: 'EXPIRED', payload: { a: ['[REDACTED]'] } }, []],
  ] as const)('of %j is %j', (overrides, acts) => {
    expect(actsFor(aCommand(overrides))).toEqual(acts);
  });
});

describe('how it ended', () => {
  const startedAt = '2026-01-01T00:00:01.000Z';

  it.each([
    [{ status: 'EXPIRED', errorCode: 'COMMAND_NOT_DELIVERED' }, 'commands.outcome.notDelivered', false],
    [{ status: 'EXPIRED', errorCode: 'COMMAND_OUTCOME_UNKNOWN', startedAt }, 'commands.outcome.unknown', true],
    [
      { status: 'EXPIRED', errorCode: 'COMMAND_OUTCOME_UNKNOWN', startedAt, result: LATE },
      'commands.outcome.late',
      true,
    ],
    [{ status: 'CANCELLED' }, 'commands.outcome.neverTaken', false],
    [{ status: 'CANCELLED', startedAt }, 'commands.outcome.stopped', true],
    [{ status: 'CANCELLED', startedAt, result: LATE }, 'commands.outcome.stopped', true],
    [{ status: 'SUCCEEDED', startedAt }, null, false],
  ] as const)('%j: %s', (overrides, key, ran) => {
    const command = aCommand(overrides);
    expect(outcomeKey(command)).toBe(key);
    expect(mayHaveRun(command)).toBe(ran);
  });
});
