import { RefusedError } from './errors.js';
import { Loop } from './loop.js';
import { eventually, pause } from '../testing/eventually.js';

describe('Loop', () => {
  it('goes on after a step that failed, with the wait it is told', async () => {
    const failures: unknown[] = [];
    let rounds = 0;
    const step = () => {
      rounds += 1;
      return rounds < 3 ? Promise.reject(new Error(`${rounds}`)) : Promise.resolve(60);
    };
    const loop = new Loop(step, (error) => failures.push(error) * 0);
    loop.start();
    await eventually(() => rounds === 3, 'three rounds');
    await loop.stop();
    expect(failures).toHaveLength(2);
  });

  it('begins the next round at once when nudged, also during a round', async () => {
    let rounds = 0;
    const step = async () => {
      rounds += 1;
      await pause(10);
      return 60;
    };
    const loop = new Loop(step, () => 60);
    loop.start();
    loop.wake();
    await eventually(() => rounds === 2, 'the round asked for during the first');
    await pause(20);
    loop.wake();
    await eventually(() => rounds === 3, 'the round asked for during a pause');
    await loop.stop();
    loop.wake();
    await pause(20);
    expect(rounds).toBe(3);
  });

  it('leaves a server alone as long as it asked for, nudged or not, but can be stopped meanwhile', async () => {
    let rounds = 0;
    const refusals = [60, 0];
    const step = () => {
      rounds += 1;
      return Promise.reject(new RefusedError('Busy.', 'RATE_LIMITED', 429, refusals.pop()));
    };
    const loop = new Loop(step, () => 60);
    loop.start();
    await eventually(() => rounds === 1, 'the first round');
    loop.wake();
    await eventually(() => rounds === 2, 'the second round, which nothing forbids');
    loop.wake();
    await loop.stop();
    expect(rounds).toBe(2);
  });
});
