import type { Command } from '#contracts';
import { actsFor, mayHaveRun, outcomeKey } from './command-rules';

const aCommand = (overrides: Partial<Command> = {}): Command => ({
  id: 'cmd_1',
  type: 'ACTION_EXECUTE',
  status: 'PENDING',
  serviceId: 'svc_1',
  serviceCode: 'demo',
  serviceName: 'Demo',
  agentId: 'agt_1',
  actionName: 'echo',
  payload: {},
  createdByUserId: null,
  createdByUsername: null,
  retryOfCommandId: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: null,
  completedAt: null,
  expiresAt: '2026-01-01T00:05:00.000Z',
  durationMs: null,
  errorCode: null,
  errorMessage: null,
  ...overrides,
});

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
    [{ status: 'CANCELLED' }, 'commands.outcome.neverTaken', false],
    [{ status: 'CANCELLED', startedAt }, 'commands.outcome.stopped', true],
    [{ status: 'SUCCEEDED', startedAt }, null, false],
  ] as const)('%j: %s', (overrides, key, ran) => {
    const command = aCommand(overrides);
    expect(outcomeKey(command)).toBe(key);
    expect(mayHaveRun(command)).toBe(ran);
  });
});
