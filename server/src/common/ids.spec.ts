import { Ids } from './ids.js';

describe('ids', () => {
  it('consist of a prefix and a ULID, are unique and sort in the order of their creation', () => {
    const ids = new Ids();
    const made = Array.from({ length: 5_000 }, () => ids.make('cmd'));
    for (const id of made) expect(id).toMatch(/^cmd_[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(new Set(made).size).toBe(made.length);
    expect(made.toSorted()).toEqual(made);
  });

  it('from two sources share only the time', () => {
    const randomOf = (): string => new Ids().make('cmd').slice(-16);
    expect(new Set(Array.from({ length: 1_000 }, randomOf)).size).toBe(1_000);
  });

  it('of one millisecond sort in order and do not reveal each other', () => {
    const now = jest.spyOn(Date, 'now').mockReturnValue(1_790_000_000_000);
    const ids = new Ids();
    const made = Array.from({ length: 50_000 }, () => ids.make('cmd'));
    now.mockRestore();
    expect(made.toSorted()).toEqual(made);
    const own = made.map((id) => id.slice(-13));
    expect(new Set(own).size).toBe(made.length);
    // No id begins like the one before it: with 65 random bits, 8 common digits have a chance of 1 in 10¹².
    expect(own.filter((digits, i) => digits.startsWith(own[i - 1]?.slice(0, 8) ?? '-'))).toEqual([]);
  });

  it('use every digit', () => {
    const digits = new Set(Array.from({ length: 200 }, () => [...new Ids().make('cmd').slice(-16)]).flat());
    expect(digits.size).toBe(32);
  });
});
