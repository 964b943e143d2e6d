import { Ids } from './ids.js';

describe('ids', () => {
  it('are a prefix and a ULID, each another, in the order they are made', () => {
    const ids = new Ids();
    const made = Array.from({ length: 5_000 }, () => ids.make('cmd'));
    for (const id of made) expect(id).toMatch(/^cmd_[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(new Set(made).size).toBe(made.length);
    expect(made.toSorted()).toEqual(made);
  });

  it('of two makers have nothing in common but the time', () => {
    const randomOf = (): string => new Ids().make('cmd').slice(-16);
    expect(new Set(Array.from({ length: 1_000 }, randomOf)).size).toBe(1_000);
  });

  it('use every digit', () => {
    const digits = new Set(Array.from({ length: 200 }, () => [...new Ids().make('cmd').slice(-16)]).flat());
    expect(digits.size).toBe(32);
  });
});
