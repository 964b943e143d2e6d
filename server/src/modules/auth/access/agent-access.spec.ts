import type { Request } from 'express';
import type { AgentId } from '#contracts';
import { Clock } from '../../../common/clock.js';
import { serve, ServedRequest } from '../../../common/served-request.js';
import type { AppConfig } from '../../../config/app-config.js';
import { PublicTimeLimit } from '../../../http/public-time-limit.js';
import { AgentRateLimit } from './agent-access.js';

class StoppedClock extends Clock {
  #at = 0;
  now = (): Date => new Date(this.#at);
  advance(seconds: number): void {
    this.#at += seconds * 1000;
  }
}

/** What a request takes. */
type Work = Partial<Pick<ServedRequest, 'ms' | 'rows'>>;

/** Serves a request that takes this much; returns the seconds to wait if it is refused, else 0. */
const taking = (work: Work, admit: () => void): number => {
  const served = Object.assign(new ServedRequest('1', 'POST', '/'), work);
  let retryAfterSeconds = 0;
  serve(served, () => {
    try {
      admit();
    } catch (error) {
      ({ retryAfterSeconds } = error as { retryAfterSeconds: number });
    }
  });
  served.onEnd?.(served);
  return retryAfterSeconds;
};

describe('the allowance of an agent', () => {
  const setUp = (agentRequestsPerSecond = 100) => {
    const clock = new StoppedClock();
    const limit = new AgentRateLimit(clock, { agentRequestsPerSecond } as AppConfig);
    const request = { headers: {} } as Request;
    const serveFor = (agent: string, work: Work): number =>
      taking(work, () => {
        limit.take(agent as AgentId, request, 0);
      });
    return { clock, serveFor };
  };

  it('pays for the time that its requests took, afterwards', () => {
    const { clock, serveFor } = setUp();
    expect([serveFor('a', { ms: 1_500 }), serveFor('a', { ms: 1_500 }), serveFor('a', {})]).toEqual([0, 0, 11]);
    expect(serveFor('b', {})).toBe(0);
    clock.advance(11);
    expect(serveFor('a', {})).toBe(0);
  });

  it('pays for the rows that its requests wrote', () => {
    const { serveFor } = setUp();
    expect([serveFor('a', { rows: 15_000 }), serveFor('a', { rows: 15_000 }), serveFor('a', {})]).toEqual([0, 0, 11]);
  });

  it('never keeps it waiting for longer than half a minute', () => {
    const { clock, serveFor } = setUp();
    serveFor('a', { ms: 1_000_000 });
    expect(serveFor('a', {})).toBeLessThanOrEqual(30);
    clock.advance(30);
    expect(serveFor('a', {})).toBe(0);
  });

  it('does not end when it is switched off', () => {
    const { serveFor } = setUp(0);
    expect([serveFor('a', { ms: 9_000 }), serveFor('a', {})]).toEqual([0, 0]);
  });
});

describe('what unknown callers take', () => {
  it('is limited by time for each key, and refused requests are charged too', () => {
    const clock = new StoppedClock();
    const limit = new PublicTimeLimit(clock);
    const serveFor = (key: string, ms: number): number =>
      taking({ ms }, () => {
        limit.admit(key);
      });
    expect([serveFor('login a', 2_500), serveFor('login a', 100), serveFor('login a', 0)]).toEqual([0, 6, 7]);
    expect(serveFor('login b', 0)).toBe(0);
    clock.advance(7);
    expect(serveFor('login a', 0)).toBe(0);
  });
});
