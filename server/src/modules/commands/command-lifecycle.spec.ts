import { AgentStatus, CommandStatus } from '#contracts';
import { agentProblem, expiryOutcome, isOpen, isRetryable } from './command-lifecycle.js';

const NOW = new Date('2030-01-01T12:00:00.000Z');
const secondsAgo = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000);

describe('the life of a command', () => {
  it.each<[CommandStatus, boolean, boolean]>([
    ['PENDING', true, false],
    ['RUNNING', true, false],
    ['SUCCEEDED', false, false],
    ['FAILED', false, true],
    ['EXPIRED', false, true],
    ['CANCELLED', false, true],
  ])('%s: open %s, retryable %s', (status, open, retryable) => {
    expect(isOpen(status)).toBe(open);
    expect(isRetryable(status)).toBe(retryable);
  });

  it('has a rule for every status', () => {
    const ended = Object.values(CommandStatus).filter((status) => !isOpen(status));
    expect(ended.filter((status) => !isRetryable(status))).toEqual(['SUCCEEDED']);
  });

  it.each<[CommandStatus, string]>([
    ['PENDING', 'COMMAND_NOT_DELIVERED'],
    ['RUNNING', 'COMMAND_OUTCOME_UNKNOWN'],
  ])('tells, of one that expires while %s, whether it may have run', (status, errorCode) => {
    expect(expiryOutcome(status)).toMatchObject({ errorCode });
  });
});

describe('an agent that should take a command', () => {
  const cutoff = secondsAgo(90);

  it.each<[AgentStatus, number | null, string | null]>([
    ['ONLINE', 0, null],
    ['ONLINE', 90, null],
    ['ONLINE', 90.001, 'AGENT_HEARTBEAT_STALE'],
    ['ONLINE', null, 'AGENT_HEARTBEAT_STALE'],
    ['OFFLINE', 0, 'AGENT_OFFLINE'],
    ['DISABLED', 0, 'AGENT_DISABLED'],
    ['REVOKED', 0, 'AGENT_REVOKED'],
    ['PENDING', null, 'AGENT_NOT_READY'],
  ])('that is %s and was heard of %s s ago: %s', (status, silentSeconds, code) => {
    const lastHeartbeatAt = silentSeconds === null ? null : secondsAgo(silentSeconds);
    const problem = agentProblem({ code: 'agent-1', status, lastHeartbeatAt }, cutoff);
    expect(problem?.code ?? null).toBe(code);
    if (problem) expect(problem.message).toMatch(/^Agent agent-1 .+\.$/);
  });
});
