import { prefillParam, readPrefill } from './prefill';

describe('prefill', () => {
  it('comes back as it went', () => {
    const payload = { id: 'itm_1', tags: ['a'], nested: { n: 1 } };
    expect(readPrefill(prefillParam(payload) ?? '')).toEqual(payload);
  });

  it('carries no redacted value', () => {
    expect(prefillParam({ key: '[REDACTED]', in: { a: ['[REDACTED]', 1] } })).toBe('{"in":{"a":[1]}}');
  });

  it.each([[undefined], [{}], [{ only: '[REDACTED]' }], [{ long: 'x'.repeat(5_000) }]])('is none for %#', (payload) => {
    expect(prefillParam(payload)).toBeNull();
  });

  it.each([[undefined], [''], ['{'], ['[1]'], ['null']])('reads nothing from %p', (param) => {
    expect(readPrefill(param)).toEqual({});
  });
});
