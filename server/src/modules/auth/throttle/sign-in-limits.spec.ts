import { accountLimit, addressLimit, delaySeconds } from './sign-in-limits.js';

const at = (second: number): Date => new Date(1_790_000_000_000 + second * 1000);

describe('the delay of an account', () => {
  it('begins with the fifth failure, doubles, and is never longer than five minutes', () => {
    const delays = [0, 1, 4, 5, 6, 7, 11, 12, 13, 1_000, 1_000_000].map(delaySeconds);
    expect(delays).toEqual([0, 0, 0, 2, 4, 8, 128, 256, 300, 300, 300]);
  });

  it('runs from the last failure', () => {
    const counted = { failures: 6, lastFailedAt: at(10), forgottenAt: at(3_610) };
    expect(accountLimit('ada').openAt(counted)).toEqual(at(14));
  });

  it('is of the name without regard to case', () => {
    expect(accountLimit('Ada').subject).toBe(accountLimit('ada').subject);
    expect(accountLimit('ada').subject).not.toBe(accountLimit('ade').subject);
  });
});

describe('the limit of an address', () => {
  it('holds from the twentieth failure to the end of its minute', () => {
    const counted = { lastFailedAt: at(30), forgottenAt: at(60) };
    expect(addressLimit('192.0.2.1').openAt({ ...counted, failures: 19 })).toEqual(at(30));
    expect(addressLimit('192.0.2.1').openAt({ ...counted, failures: 20 })).toEqual(at(60));
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
    ['2001:db8:1:2::1', '2001:DB8:1:2:0:0:0:7', true],
    ['2001:db8::1', '2001:db8:0:0:5::', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['::1', '::2', true],
    ['192.0.2.1', '192.0.2.2', false],
    ['192.0.2.1', '192.0.2.1', true],
  ])('takes a whole IPv6 network for one source: %s and %s', (one, other, isSame) => {
    expect(addressLimit(one).subject === addressLimit(other).subject).toBe(isSame);
  });

  it('takes all whose address is not known for one', () => {
    expect(addressLimit(null).subject).toBe(addressLimit(null).subject);
    expect(addressLimit(null).subject).not.toBe(addressLimit('192.0.2.1').subject);
  });
});
