import { WorkerPool } from '../../../common/worker-pool.js';
import { Passwords } from './passwords.js';

describe('Passwords', () => {
  let passwords: Passwords;
  beforeEach(() => {
    passwords = new Passwords();
  });
  afterEach(() => passwords.onApplicationShutdown());

  it('makes an argon2id hash with a new salt each time', async () => {
    const [one, two] = [await passwords.hash('the same password'), await passwords.hash('the same password')];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
  });

  it('tells the right password from a wrong one', async () => {
    const hash = await passwords.hash('the right password');
    expect(await passwords.verify(hash, 'the right password')).toBe(true);
    expect(await passwords.verify(hash, 'the wrong password')).toBe(false);
  });

  it('does the same work for an unknown user, and never accepts the password', async () => {
    const run = jest.spyOn(WorkerPool.prototype, 'run');
    const hash = await passwords.hash('the right password');
    await passwords.verify(hash, 'any password');
    expect(await passwords.verify(null, 'any password')).toBe(false);
    expect(await passwords.verify(null, 'a password of no user')).toBe(false);
    const checked = run.mock.calls.map(([, input]) => (input as { readonly hash?: string }).hash).slice(1);
    run.mockRestore();
    expect(checked).toHaveLength(3);
    const costs = checked.map((one) => String(one).split('$').slice(0, 4));
    expect(costs[1]).toEqual(costs[0]);
    expect(costs[2]).toEqual(costs[0]);
  });

  it('throws for an unreadable hash, and still works afterwards', async () => {
    await expect(passwords.verify('nonsense', 'any password')).rejects.toThrow();
    expect(await passwords.verify(null, 'any password')).toBe(false);
  });
});
