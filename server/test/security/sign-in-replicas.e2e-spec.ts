import { startReplicas } from '../support/replicas.js';
import { OWNER } from '../support/start-test-app.js';
import { anAddress, deviceCookieOf, LOGIN, outcomesOf, signInFrom, WRONG } from './sign-in-attempts.js';

describe('ASVS 6.3.1: two servers on one database', () => {
  it('give who guesses no more tries than one, and know the same browsers', async () => {
    const { place, both } = await startReplicas({ trustProxy: 1 });
    place.clock.stop();
    const device = deviceCookieOf(await both.post(LOGIN, OWNER));
    const byAccount = await outcomesOf(7, (index) => signInFrom(both, anAddress(index), WRONG));
    expect(byAccount).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect((await signInFrom(both, anAddress(0), OWNER, device)).status).toBe(200);
    expect((await signInFrom(both, anAddress(0), OWNER, device)).status).toBe(200);
    const byAddress = await outcomesOf(22, (index) =>
      signInFrom(both, '203.0.113.9', { username: `name${index}`, password: 'a wrong password here' }),
    );
    expect(byAddress).toEqual([...Array<number>(20).fill(401), 429, 429]);
  });
});
