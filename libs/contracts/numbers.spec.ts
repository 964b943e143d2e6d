import { isExactNumber, quoteInexactNumbers } from './numbers.js';

describe('A number in JSON', () => {
  it.each([
    ...['0', '-0', '1', '-12', '9007199254740991', '-9007199254740991', '19.99', '1.10', '0.0', '0e9', '1e3', '1E+21'],
    ...['0.30000000000000004', '0.10000000000000001', '2.0E-3', '1.7976931348623157e308', '5e-324', '100.00'],
    '0.1000000000000000055511151231257827021181583404541015625',
  ])('survives: %s', (text) => {
    expect(isExactNumber(text)).toBe(true);
  });

  it.each([
    ...['9007199254740993', '7615917337495251231', '-9007199254740992', '1234567890123456789012345678901234567890'],
    ...['12345678901234.567', '0.1234567890123456789', '1e400', '-1e400', '1e-400', '3.14159265358979323846'],
    '0.10000000000000000001',
  ])('does not survive: %s', (text) => {
    expect(isExactNumber(text)).toBe(false);
  });

  it('is put in quotes where it does not, and nowhere else', () => {
    const text = String.raw`{"a":9007199254740993,"b":["9007199254740993, 1e400",-1e400,1.5],"c\"7615917337495251231":{"d":12}}`;
    const quoted = String.raw`{"a":"9007199254740993","b":["9007199254740993, 1e400","-1e400",1.5],"c\"7615917337495251231":{"d":12}}`;
    expect(quoteInexactNumbers(text)).toBe(quoted);
    expect(quoteInexactNumbers('{"a": 1}')).toBe('{"a": 1}');
  });
});
