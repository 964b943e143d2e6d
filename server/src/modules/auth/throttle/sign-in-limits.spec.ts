import type { UserId } from '#contracts';
import { accountLimit, addressLimit, confirmationLimits, delaySeconds, signInLimits } from './sign-in-limits.js';

const ADA = { id: 'usr_1' as UserId, sessionEpoch: 0 };

const at = (second: number): Date => new Date(1_790_000_000_000 + second * 1000);

describe('the delay of an account', () => {
  it('starts with the fifth failure, doubles, and is at most five minutes', () => {
    const delays = [0, 1, 4, 5, 6, 7, 11, 12, 13, 1_000, 1_000_000].map(delaySeconds);
    expect(delays).toEqual([0, 0, 0, 2, 4, 8, 128, 256, 300, 300, 300]);
  });

  it('runs from the last failure', () => {
    const counted = { failures: 6, lastFailedAt: at(10), forgottenAt: at(3_610) };
    expect(accountLimit('ada', 0).openAt(counted)).toEqual(at(14));
  });

  it('ignores the case of the name', () => {
    expect(accountLimit('Ada', 0).subject).toBe(accountLimit('ada', 0).subject);
    expect(accountLimit('ada', 0).subject).not.toBe(accountLimit('ade', 0).subject);
  });

  it('starts again when the sessions of the user end, and treats an unknown name like a new user', () => {
    const client = { origin: { ipAddress: '192.0.2.1', userAgent: null }, device: null };
    const subjectOf = (sessionEpoch: number | null) =>
      signInLimits('ada', sessionEpoch === null ? null : { ...ADA, sessionEpoch }, client).all[0]!.subject;
    expect(subjectOf(1)).not.toBe(subjectOf(0));
    expect(subjectOf(null)).toBe(subjectOf(0));
  });
});

describe('the delay of a password confirmation', () => {
  it('belongs to one user, and starts again when their sessions end', () => {
    const subjectOf = (user: typeof ADA) => confirmationLimits(user).all[0]!.subject;
    expect(subjectOf({ ...ADA, sessionEpoch: 1 })).not.toBe(subjectOf(ADA));
    expect(subjectOf({ ...ADA, id: 'usr_2' })).not.toBe(subjectOf(ADA));
  });
});

describe('the limit of an address', () => {
  it('blocks from the twentieth failure to the end of its minute', () => {
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
  ])('treats an IPv6 /64 as one source: %s and %s', (one, other, isSame) => {
    expect(addressLimit(one).subject === addressLimit(other).subject).toBe(isSame);
  });

  it('treats all unknown addresses as one', () => {
    expect(addressLimit(null).subject).toBe(addressLimit(null).subject);
    expect(addressLimit(null).subject).not.toBe(addressLimit('192.0.2.1').subject);
  });
});
