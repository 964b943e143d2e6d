import type { RowChanges } from '../services/service-details.repository.js';
import { isEmptyChange, diffRows } from './report-diff.js';

interface Content {
  readonly key: string;
  readonly value: unknown;
}

interface Row extends Content {
  readonly id: number;
}

let nextId = 100;
const changesOf = (rows: readonly Row[], contents: readonly Content[]): RowChanges<Row> =>
  diffRows<Row, Content, number>({
    rows,
    contents,
    keyOf: ({ key }) => key,
    contentOf: ({ id, ...content }) => content,
    toRow: (content, id) => ({ ...content, id: id ?? (nextId += 1) }),
  });

const ROWS: readonly Row[] = [
  { id: 1, key: 'a', value: { x: 1, y: [2] } },
  { id: 2, key: 'b', value: null },
];

describe('the difference between rows and what they should say', () => {
  it('is nothing when they say it, in whatever order', () => {
    const changes = changesOf(ROWS, [
      { key: 'b', value: null },
      { value: { y: [2], x: 1 }, key: 'a' },
    ]);
    expect(changes).toEqual({ added: [], changed: [], removed: [] });
    expect(isEmptyChange(changes)).toBe(true);
  });

  it.each<[string, readonly Content[], Partial<RowChanges<Row>>]>([
    [
      'a new row',
      [...ROWS, { key: 'c', value: 3 }],
      { added: [{ id: expect.any(Number) as number, key: 'c', value: 3 }] },
    ],
    [
      'another value under the same id',
      [ROWS[0]!, { key: 'b', value: 0 }],
      { changed: [{ id: 2, key: 'b', value: 0 }] },
    ],
    [
      'another order in a list',
      [{ key: 'a', value: { x: 1, y: [2, 1] } }, ROWS[1]!],
      { changed: [{ id: 1, key: 'a', value: { x: 1, y: [2, 1] } }] },
    ],
    ['a row that went', [ROWS[1]!], { removed: [ROWS[0]!] }],
    ['all rows gone', [], { removed: ROWS }],
  ])('is %s', (_, contents, expected) => {
    const bare = contents.map(({ key, value }) => ({ key, value }));
    const changes = changesOf(ROWS, bare);
    expect(changes).toEqual({ added: [], changed: [], removed: [], ...expected });
    expect(isEmptyChange(changes)).toBe(false);
  });

  it('is all of it when there was nothing', () => {
    expect(changesOf([], [{ key: 'a', value: 1 }]).added).toHaveLength(1);
  });
});
