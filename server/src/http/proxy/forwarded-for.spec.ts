import { withoutPorts } from './forwarded-for.js';

describe('withoutPorts', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7:4711', '192.0.2.7'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['"[2001:db8::7]:4711"', '2001:db8::7'],
    ['2001:db8::7', '2001:db8::7'],
    ['::ffff:192.0.2.7', '::ffff:192.0.2.7'],
    ['203.0.113.9:1, 10.0.0.1:65535,10.0.0.2', '203.0.113.9, 10.0.0.1, 10.0.0.2'],
    ['unknown', 'unknown'],
    ['192.0.2.7:http', '192.0.2.7:http'],
  ])('reads %s as %s', (header, expected) => {
    expect(withoutPorts(header)).toBe(expected);
  });
});
