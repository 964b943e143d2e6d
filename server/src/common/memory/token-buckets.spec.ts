import { TokenBuckets } from './token-buckets.js';

const at = (seconds: number): Date => new Date(1_000_000 + seconds * 1000);

describe('token buckets', () => {
  const buckets = () => new TokenBuckets({ capacity: 3, perSecond: 2, maxKeys: 2 });

  it('give what they hold at once, and then say how long to wait', () => {
    const three = buckets();
    expect([1, 2, 3, 4, 5].map(() => three.take('a', at(0)))).toEqual([0, 0, 0, 1, 1]);
    expect(three.take('b', at(0))).toBe(0);
  });

  it('refill as time goes by, up to what they hold', () => {
    const three = buckets();
    three.take('a', at(0), 3);
    expect([three.take('a', at(1)), three.take('a', at(1)), three.take('a', at(1))]).toEqual([0, 0, 1]);
    expect([1, 2, 3, 4].map(() => three.take('a', at(100)))).toEqual([0, 0, 0, 1]);
  });

  it('take what costs more than they hold when they are full, and then need to fill again', () => {
    const three = buckets();
    expect(three.take('a', at(0), 50)).toBe(0);
    expect(three.take('a', at(0), 50)).toBe(2);
  });

  it('get back what was not needed after all, and never more than was taken', () => {
    const three = buckets();
    three.take('a', at(0), 50);
    three.refund('a', 50, 2);
    expect([1, 2].map(() => three.take('a', at(0)))).toEqual([0, 1]);
    three.take('b', at(0));
    three.refund('b', 1, 5);
    three.refund('nobody', 3, 1);
    expect([1, 2, 3].map(() => three.take('b', at(0)))).toEqual([0, 0, 1]);
  });

  it('can be looked at without taking anything', () => {
    const three = buckets();
    expect([1, 2, 3, 4].map(() => three.retryAfterSeconds('a', at(0)))).toEqual([0, 0, 0, 0]);
    three.take('a', at(0), 3);
    expect(three.retryAfterSeconds('a', at(0))).toBe(1);
  });

  it('are not set back by a clock that is', () => {
    const three = buckets();
    three.take('a', at(10), 3);
    expect(three.take('a', at(0))).toBe(1);
    expect(three.take('a', at(1))).toBe(0);
  });

  it('remember a bounded number of keys', () => {
    const three = buckets();
    three.take('a', at(0), 3);
    three.take('b', at(0), 3);
    three.take('c', at(0), 3);
    expect(three.take('b', at(0))).toBe(1);
    expect(three.take('a', at(0))).toBe(0);
  });
});
