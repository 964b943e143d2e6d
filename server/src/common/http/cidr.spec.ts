import { isCidr, isInCidrs } from './cidr.js';

describe('networks', () => {
  it.each(['10.0.0.0/8', '192.168.1.7', '::1', 'fd00::/8', '0.0.0.0/0'])('takes %s for a network', (text) => {
    expect(isCidr(text)).toBe(true);
  });

  it.each(['', '10.0.0.0/33', '10.0.0/8', '::/129', '10.0.0.0/8/8', '10.0.0.0/-1', 'example.org', '10.0.0.0/'])(
    'refuses %s',
    (text) => {
      expect(isCidr(text)).toBe(false);
    },
  );

  it('finds an address in its network only', () => {
    expect(isInCidrs('10.1.2.3', ['192.168.0.0/16', '10.0.0.0/8'])).toBe(true);
    expect(isInCidrs('11.1.2.3', ['10.0.0.0/8'])).toBe(false);
    expect(isInCidrs('fd00::5', ['fd00::/8'])).toBe(true);
    expect(isInCidrs('::1', ['10.0.0.0/8'])).toBe(false);
    expect(isInCidrs(null, ['0.0.0.0/0'])).toBe(false);
  });
});
