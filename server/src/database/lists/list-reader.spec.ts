import type { SelectQueryBuilder } from 'typeorm';
import type { Database } from '../database.js';
import { ListReader } from './list-reader.js';

class Row {
  readonly id: string = '';
}

/** Queries with a name for a text, and a database that records what it is asked. */
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
    }) as unknown as SelectQueryBuilder<Row>;
  };
  return {
    answers,
    asked,
    query,
    totals: new ListReader({ queryInWorker } as unknown as Database, Row),
  };
};

describe('the totals of lists', () => {
  afterEach(() => jest.useRealTimers());

  it('are counted each time while there are few rows', async () => {
    const { answers, query, totals } = setUp();
    answers.few = 20_000;
    expect(await totals.count(query('few'))).toBe(20_000);
    answers.few = 7;
    expect(await totals.count(query('few'))).toBe(7);
  });

  it('of very many are up to ten seconds old, and counted again without waiting', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    const { answers, asked, query, totals } = setUp();
    answers.many = 20_001;
    expect(await totals.count(query('many'))).toBe(20_001);
    answers.many = 30_000;
    jest.advanceTimersByTime(9_999);
    expect(await totals.count(query('many'))).toBe(20_001);
    expect(asked).toHaveLength(1);
    jest.advanceTimersByTime(2);
    expect(await totals.count(query('many'))).toBe(20_001);
    expect(asked).toHaveLength(2);
    expect(await totals.count(query('many'))).toBe(30_000);
  });

  it('belong to their query', async () => {
    const { answers, query, totals } = setUp();
    Object.assign(answers, { a: 50_000, b: 60_000 });
    expect([await totals.count(query('a')), await totals.count(query('b'))]).toEqual([50_000, 60_000]);
  });
});
