import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../testing/index.js';
import { RefusedError } from './errors.js';
import { Loop } from './loop.js';

describe('Loop', () => {
  it('continues after a failed step, with the delay it is given', async () => {
    const failures: unknown[] = [];
    let rounds = 0;
    const step = () => {
      rounds += 1;
      return rounds < 3 ? Promise.reject(new Error(`${rounds}`)) : Promise.resolve(60);
    };
    const loop = new Loop(step, (error) => failures.push(error) * 0);
    loop.start();
    await eventually('three rounds', () => rounds === 3);
    await loop.stop();
    expect(failures).toHaveLength(2);
  });

  it('starts the next round immediately when woken, also during a round', async () => {
    let rounds = 0;
    const step = async () => {
      rounds += 1;
      await pause(10);
      return 60;
    };
    const loop = new Loop(step, () => 60);
    loop.start();
    loop.wake();
    await eventually('the round requested during the first', () => rounds === 2);
    await pause(20);
    loop.wake();
    await eventually('the round requested during a pause', () => rounds === 3);
    await loop.stop();
    loop.wake();
    await pause(20);
    expect(rounds).toBe(3);
  });

  it('honours a Retry-After even when woken, but can be stopped while waiting', async () => {
    let rounds = 0;
    const refusals = [60, 0];
    const step = () => {
      rounds += 1;
      return Promise.reject(new RefusedError('Busy.', 'RATE_LIMITED', 429, refusals.pop()));
    };
    const loop = new Loop(step, () => 60);
    loop.start();
    await eventually('the first round', () => rounds === 1);
    loop.wake();
    await eventually('the second round', () => rounds === 2);
    loop.wake();
    await loop.stop();
    expect(rounds).toBe(2);
  });
});
