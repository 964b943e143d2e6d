import type { SelectQueryBuilder } from 'typeorm';
import type { Database } from '../database.js';
import { ListTotals } from './list-reader.js';

/** A query that stands for `name`, and a database that counts how often it is asked. */
const setUp = () => {
  const answers: Record<string, number> = {};
  const asked: string[] = [];
  const queryInWorker = (sql: string) => {
    asked.push(sql);
    return Promise.resolve([{ total: String(answers[sql] ?? 0) }]);
  };
  const query = (name: string) => {
    const builder = { clone: () => builder, select: () => builder, orderBy: () => builder };
    return Object.assign(builder, {
      getQuery: () => name,
      getParameters: () => ({}),
    }) as unknown as SelectQueryBuilder<object>;
  };
  return { answers, asked, query, totals: new ListTotals({ queryInWorker } as unknown as Database) };
};

describe('the totals of lists', () => {
  afterEach(() => jest.useRealTimers());

  it('are counted each time while there is little to count', async () => {
    const { answers, query, totals } = setUp();
    answers.few = 20_000;
    expect(await totals.of(query('few'))).toBe(20_000);
    answers.few = 7;
    expect(await totals.of(query('few'))).toBe(7);
  });

  it('of very much are told as they were a moment ago, and counted anew after ten seconds, without waiting', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    const { answers, asked, query, totals } = setUp();
    answers.many = 20_001;
    expect(await totals.of(query('many'))).toBe(20_001);
    answers.many = 30_000;
    jest.advanceTimersByTime(9_999);
    expect(await totals.of(query('many'))).toBe(20_001);
    expect(asked).toHaveLength(1);
    jest.advanceTimersByTime(2);
    expect(await totals.of(query('many'))).toBe(20_001);
    expect(asked).toHaveLength(2);
    expect(await totals.of(query('many'))).toBe(30_000);
  });

  it('are those of the query that is asked for', async () => {
    const { answers, query, totals } = setUp();
    Object.assign(answers, { a: 50_000, b: 60_000 });
    expect([await totals.of(query('a')), await totals.of(query('b'))]).toEqual([50_000, 60_000]);
  });
});
