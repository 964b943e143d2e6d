import { TokenBuckets } from './token-buckets.js';

const at = (seconds: number): Date => new Date(1_000_000 + seconds * 1000);

describe('token buckets', () => {
  const buckets = () => new TokenBuckets({ capacity: 3, perSecond: 2, maxKeys: 2 });

  it('allow a burst, and then say how long to wait', () => {
    const three = buckets();
    expect([1, 2, 3, 4, 5].map(() => three.take('a', at(0)))).toEqual([0, 0, 0, 1, 1]);
    expect(three.take('b', at(0))).toBe(0);
  });

  it('refill with time, up to their capacity', () => {
    const three = buckets();
    three.take('a', at(0), 3);
    expect([three.take('a', at(1)), three.take('a', at(1)), three.take('a', at(1))]).toEqual([0, 0, 1]);
    expect([1, 2, 3, 4].map(() => three.take('a', at(100)))).toEqual([0, 0, 0, 1]);
  });

  it('allow a cost above their capacity when full, and then have to refill', () => {
    const three = buckets();
    expect(three.take('a', at(0), 50)).toBe(0);
    expect(three.take('a', at(0), 50)).toBe(2);
  });

  it('take back unused tokens, but never more than were taken', () => {
    const three = buckets();
    three.take('a', at(0), 50);
    three.refund('a', 50, 2);
    expect([1, 2].map(() => three.take('a', at(0)))).toEqual([0, 1]);
    three.take('b', at(0));
    three.refund('b', 1, 5);
    three.refund('unknown', 3, 1);
    expect([1, 2, 3].map(() => three.take('b', at(0)))).toEqual([0, 0, 1]);
  });

  it('let a cost that became known afterwards be owed, up to one capacity', () => {
    const three = buckets();
    three.charge('a', at(0), 4);
    expect(three.retryAfterSeconds('a', at(0))).toBe(1);
    three.charge('a', at(0), 1_000);
    expect(three.retryAfterSeconds('a', at(0))).toBe(2);
    expect([three.take('a', at(1)), three.take('a', at(2)), three.take('a', at(2))]).toEqual([1, 0, 1]);
  });

  it('say how long to wait without taking anything', () => {
    const three = buckets();
    expect([1, 2, 3, 4].map(() => three.retryAfterSeconds('a', at(0)))).toEqual([0, 0, 0, 0]);
    three.take('a', at(0), 3);
    expect(three.retryAfterSeconds('a', at(0))).toBe(1);
  });

  it('do not lose tokens to a clock that is set back', () => {
    const three = buckets();
    three.take('a', at(10), 3);
    expect(three.take('a', at(0))).toBe(1);
    expect(three.take('a', at(1))).toBe(0);
  });

  it('keep a bounded number of keys', () => {
    const three = buckets();
    three.take('a', at(0), 3);
    three.take('b', at(0), 3);
    three.take('c', at(0), 3);
    expect(three.take('b', at(0))).toBe(1);
    expect(three.take('a', at(0))).toBe(0);
  });

  it('drop the least recently used key, so that a busy one stays limited', () => {
    const three = buckets();
    three.take('busy', at(0), 3);
    three.take('other', at(0));
    expect(three.take('busy', at(0))).toBe(1);
    three.take('third', at(0));
    expect(three.take('busy', at(0))).toBe(1);
  });
});
