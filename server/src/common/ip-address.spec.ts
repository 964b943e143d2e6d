import { isCidr, isInCidrs, rateLimitKey } from './ip-address.js';

describe('networks', () => {
  it.each(['10.0.0.0/8', '192.168.1.7', '::1', 'fd00::/8', '0.0.0.0/0', '::ffff:10.0.0.0/104'])(
    'accepts %s as a network',
    (text) => {
      expect(isCidr(text)).toBe(true);
    },
  );

  it.each([
    '',
    '10.0.0.0/33',
    '10.0.0/8',
    '::/129',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    'example.org',
    '10.0.0.0/',
    'fe80::1%eth0/64',
  ])('does not accept %s', (text) => {
    expect(isCidr(text)).toBe(false);
  });

  it('contain the addresses in them, and no others', () => {
    expect(isInCidrs('10.1.2.3', ['192.168.0.0/16', '10.0.0.0/8'])).toBe(true);
    expect(isInCidrs('11.1.2.3', ['10.0.0.0/8'])).toBe(false);
    expect(isInCidrs('fd00::5', ['fd00::/8'])).toBe(true);
    expect(isInCidrs('fe00::5', ['fd00::/8'])).toBe(false);
    expect(isInCidrs('::1', ['10.0.0.0/8'])).toBe(false);
    expect(isInCidrs(null, ['0.0.0.0/0', '::/0'])).toBe(false);
    expect(isInCidrs('unknown', ['0.0.0.0/0', '::/0'])).toBe(false);
  });

  it.each(['10.1.2.3', '::ffff:10.1.2.3', '::FFFF:10.1.2.3', '::ffff:a01:203', '0:0:0:0:0:ffff:0a01:0203'])(
    'treats %s as the IPv4 address that it is',
    (address) => {
      for (const inside of ['10.0.0.0/8', '10.1.2.3', '::ffff:10.0.0.0/104', '::ffff:a00:0/104', '0.0.0.0/0']) {
        expect({ inside, has: isInCidrs(address, [inside]) }).toEqual({ inside, has: true });
      }
      for (const outside of ['11.0.0.0/8', '::ffff:11.0.0.0/104', '::/0', '::ffff:0:0/95']) {
        expect({ outside, has: isInCidrs(address, [outside]) }).toEqual({ outside, has: false });
      }
    },
  );

  it('do not treat other IPv6 addresses as IPv4', () => {
    expect(isInCidrs('fd00::10.1.2.3', ['0.0.0.0/0'])).toBe(false);
    expect(isInCidrs('::10.1.2.3', ['10.0.0.0/8'])).toBe(false);
  });
});

describe('rateLimitKey', () => {
  it('is the address itself for IPv4, and the same for all unknown addresses', () => {
    expect(rateLimitKey('192.0.2.1')).toBe('192.0.2.1');
    expect(rateLimitKey(null)).toBe('unknown');
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2'],
    ['2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2'],
    ['2001:DB8:0001:0002::', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['2001:db8:1:3::1', '2001:db8:1:3'],
  ])('of %s is its /64, %s', (address, expected) => {
    expect(rateLimitKey(address)).toBe(expected);
  });
});
