import { RecentIds } from './recent-ids.js';

describe('RecentIds', () => {
  it('knows an id again until enough newer ones have come', () => {
    const ids = new RecentIds(2);
    expect(ids.add('a')).toBe(true);
    expect(ids.add('a')).toBe(false);
    ids.add('b');
    expect(ids.add('a')).toBe(false);
    ids.add('c');
    expect(ids.add('a')).toBe(true);
  });
});
