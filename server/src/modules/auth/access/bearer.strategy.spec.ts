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

/** Of objects that only a full collection removes. */
const oldBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')!.space_used_size;

describe('who a request is', () => {
  const strategy = new BearerStrategy((token, done) => {
    if (token === 'broken') done(new Error('The database is away.'));
    else done(null, token === 'known' ? { id: 'agt_1' } : false);
  });

  it('is what the strategy says', async () => {
    expect(await runStrategy(strategy, requestWith('Bearer known'))).toEqual({ id: 'agt_1' });
  });

  it('is nobody when the strategy refuses, or finds nothing to go by', async () => {
    expect(await runStrategy(strategy, requestWith('Bearer unknown'))).toBeNull();
    expect(await runStrategy(strategy, requestWith('Basic YTpi'))).toBeNull();
    expect(await runStrategy(strategy, requestWith())).toBeNull();
  });

  it('is a question that can fail', async () => {
    await expect(runStrategy(strategy, requestWith('Bearer broken'))).rejects.toThrow('The database is away.');
  });

  it('is told for each request by itself, however many are asked about at once', async () => {
    const slow = new BearerStrategy((token, done) => {
      setImmediate(() => {
        done(null, { token });
      });
    });
    const tokens = ['a', 'b', 'c'];
    const told = await Promise.all(tokens.map((token) => runStrategy(slow, requestWith(`Bearer ${token}`))));
    expect(told).toEqual(tokens.map((token) => ({ token })));
  });

  // With Passport's own middleware all of them stay until a full collection.
  it('leaves nothing of the request among the old objects', async () => {
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
