import { SecretValues } from './secret-values.js';

const hide = (values: readonly string[], text: string): string => new SecretValues(values).hideIn(text);

describe('The secret values of a command', () => {
  it.each<[string, string, string]>([
    ['anywhere', 'connected with (hunter2) twice: xhunter2x', 'connected with ([REDACTED]) twice: x[REDACTED]x'],
    ['in base64', `sent ${Buffer.from('hunter2').toString('base64')}`, 'sent [REDACTED]=='],
    ['in hex', `sent ${Buffer.from('hunter2').toString('hex')}`, 'sent [REDACTED]'],
  ])('are hidden %s', (_, text, left) => {
    expect(hide(['hunter2'], text)).toBe(left);
  });

  it('are hidden as JSON, a URL, a form and HTML write them', () => {
    const value = 'a "b"&c\\d';
    const body = JSON.stringify({ value });
    for (const text of [
      value,
      body,
      JSON.stringify(body),
      encodeURIComponent(value),
      new URLSearchParams({ value }).toString(),
      'a &quot;b&quot;&amp;c\\d',
    ]) {
      expect(hide([value], text)).toContain('[REDACTED]');
      expect(hide([value], text)).not.toMatch(/b.*c/);
    }
  });

  it('are hidden longest first, also where one is part of another', () => {
    expect(hide(['secret', 'secretive'], 'secretive secret')).toBe('[REDACTED] [REDACTED]');
  });

  it.each<[string, string, string]>([
    ['1234', 'pin 1234 for order 991234567', 'pin [REDACTED] for order 991234567'],
    ['737', 'cvv 737, 7370 rows', 'cvv [REDACTED], 7370 rows'],
    ['ab', 'ab cab table', '[REDACTED] cab table'],
    ['1', 'took 1 of 11', 'took 1 of 11'],
    ['1', '1', '[REDACTED]'],
    [' ', 'a b', 'a b'],
    ['', 'a b', 'a b'],
    ['密码值', '用密码值登录', '用[REDACTED]登录'],
    ['$&.*', 'a $&.* b', 'a [REDACTED] b'],
  ])('that are short, %j, are hidden in %j with care', (value, text, left) => {
    expect(hide([value], text)).toBe(left);
  });

  it('of several lines are hidden line by line', () => {
    const key = 'first-line-of-it\nsecond-line-of-it\nend';
    expect(hide([key], 'log: second-line-of-it')).toBe('log: [REDACTED]');
    expect(hide([key], `log: ${key}`)).toBe('log: [REDACTED]');
  });

  it('are hidden in any JSON: in keys, texts and numbers', () => {
    const values = new SecretValues(['hunter2', '4711']);
    expect(
      values.hideInJson({ hunter2: 1, rows: [{ a: 'is hunter2', n: 4711, m: 47_110, ok: true, none: null }] }),
    ).toEqual({
      '[REDACTED]': 1,
      rows: [{ a: 'is [REDACTED]', n: '[REDACTED]', m: 47_110, ok: true, none: null }],
    });
  });

  it('are what a payload has and its shown form has not', () => {
    const clear = {
      user: 'app',
      password: 'hunter2',
      pin: 471_100,
      url: 'a://b:urlpass@c',
      list: [{ key: 'inner-one' }],
      on: true,
    };
    const shown = {
      user: 'app',
      password: '[REDACTED]',
      pin: '[REDACTED]',
      url: 'a://b:[REDACTED]@c',
      list: '[REDACTED]',
      on: true,
    };
    const values = SecretValues.of(shown, clear);
    expect(values.hideIn('app hunter2 471100 urlpass inner-one true')).toBe(
      'app [REDACTED] [REDACTED] [REDACTED] [REDACTED] true',
    );
    expect(SecretValues.of(clear, clear).isEmpty).toBe(true);
  });

  it('may be joined by those of a generated key', () => {
    const values = SecretValues.none.and({ id: 'key-77', key: 'made-just-now' });
    expect(values.hideIn('made-just-now key-77')).toBe('[REDACTED] [REDACTED]');
    expect(SecretValues.none.and(undefined).isEmpty).toBe(true);
  });
});
