import { AgentStatus } from '#contracts';
import { unavailability } from './agent-availability.js';

const NOW = new Date('2030-01-01T12:00:00.000Z');
const secondsAgo = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000);

describe('The availability of an agent', () => {
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
  ])('%s, last seen %s s ago: %s', (status, silentSeconds, code) => {
    const lastHeartbeatAt = silentSeconds === null ? null : secondsAgo(silentSeconds);
    const problem = unavailability({ code: 'agent-1', status, lastHeartbeatAt }, cutoff);
    expect(problem?.code ?? null).toBe(code);
    if (problem) expect(problem.message).toMatch(/^Agent agent-1 .+\.$/);
  });
});
