import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Request } from 'express';
import { Strategy as BearerStrategy } from 'passport-http-bearer';
import { runStrategy } from './bearer.strategy.js';

const REQUESTS = 2_000;
const REQUEST_BYTES = 8_000;

const requestWith = (authorization?: string): Request =>
  ({ headers: authorization === undefined ? {} : { authorization } }) as Request;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options?: { readonly type: 'minor' }) => void;

/** The size of the old space, which only a full collection clears. */
const oldBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')!.space_used_size;

describe('runStrategy', () => {
  const strategy = new BearerStrategy((token, done) => {
    if (token === 'broken') done(new Error('The database is down.'));
    else done(null, token === 'known' ? { id: 'agt_1' } : false);
  });

  it('returns what the strategy finds', async () => {
    expect(await runStrategy(strategy, requestWith('Bearer known'))).toEqual({ id: 'agt_1' });
  });

  it('returns null when the strategy refuses or finds no credentials', async () => {
    expect(await runStrategy(strategy, requestWith('Bearer unknown'))).toBeNull();
    expect(await runStrategy(strategy, requestWith('Basic YTpi'))).toBeNull();
    expect(await runStrategy(strategy, requestWith())).toBeNull();
  });

  it('fails when the strategy fails', async () => {
    await expect(runStrategy(strategy, requestWith('Bearer broken'))).rejects.toThrow('The database is down.');
  });

  it('keeps concurrent requests apart', async () => {
    const slow = new BearerStrategy((token, done) => {
      setImmediate(() => {
        done(null, { token });
      });
    });
    const tokens = ['a', 'b', 'c'];
    const found = await Promise.all(tokens.map((token) => runStrategy(slow, requestWith(`Bearer ${token}`))));
    expect(found).toEqual(tokens.map((token) => ({ token })));
  });

  // Passport's own middleware keeps all of them until a full garbage collection.
  it('leaves nothing of a request in the old space', async () => {
    collect();
    const before = oldBytes();
    for (let i = 0; i < REQUESTS; i += 1) {
      const request = Object.assign(requestWith('Bearer known'), { body: new Array(REQUEST_BYTES / 8).fill(i) });
      await runStrategy(strategy, request);
      if (i % 100 === 0) collect({ type: 'minor' });
    }
    expect(oldBytes() - before).toBeLessThan((REQUESTS * REQUEST_BYTES) / 10);
  });
});
