import * as argon2 from '@node-rs/argon2';
import { Passwords } from './passwords.js';

jest.mock('@node-rs/argon2', () => {
  const actual = jest.requireActual<typeof argon2>('@node-rs/argon2');
  return { ...actual, verify: jest.fn(actual.verify) };
});

const verify = jest.mocked(argon2.verify);

describe('Passwords', () => {
  beforeEach(() => {
    verify.mockClear();
  });

  it('keeps an argon2id hash with a salt of its own', async () => {
    const passwords = new Passwords();
    const [one, two] = [await passwords.hash('the same password'), await passwords.hash('the same password')];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
  });

  it('knows the right password from a wrong one', async () => {
    const passwords = new Passwords();
    const hash = await passwords.hash('the right password');
    expect(await passwords.verify(hash, 'the right password')).toBe(true);
    expect(await passwords.verify(hash, 'the wrong password')).toBe(false);
  });

  it('does the same work for a user who does not exist, and never lets them in', async () => {
    const passwords = new Passwords();
    const hash = await passwords.hash('the right password');
    await passwords.verify(hash, 'any password');
    expect(await passwords.verify(null, 'any password')).toBe(false);
    expect(await passwords.verify(null, 'a password that nobody has')).toBe(false);
    expect(verify).toHaveBeenCalledTimes(3);
    const costs = verify.mock.calls.map(([checked]) => String(checked).split('$').slice(0, 4));
    expect(costs[1]).toEqual(costs[0]);
    expect(costs[2]).toEqual(costs[0]);
  });
});
