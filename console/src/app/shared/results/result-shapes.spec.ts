import { detailHintOf, detailResultOf, listResultOf } from './result-shapes';

describe('listResultOf', () => {
  const columns = [{ key: 'id', label: 'Id', format: 'code', width: 9_000 }];

  it('reads a table, filling in what it leaves out', () => {
    const list = { columns, data: [{ id: 1 }], rowActions: [{ action: 'show', payload: { id: '$row.id' } }] };
    expect(listResultOf({ list })).toEqual({
      title: '',
      emptyText: '',
      pageSize: 20,
      columns: [{ key: 'id', label: 'Id', format: 'code', width: '600px', copyable: false, ellipsis: false }],
      data: [{ id: 1 }],
      rowActions: [{ action: 'show', label: 'show', payload: { id: '$row.id' }, danger: false, confirm: false }],
      pageActions: [],
    });
  });

  it('drops what is not of the right shape', () => {
    const list = { columns: [...columns, 7, { label: 'x' }], data: [null, 'x', { id: 1 }], rowActions: 'all' };
    const read = listResultOf({ list });
    expect(read?.columns).toHaveLength(1);
    expect(read?.data).toEqual([{ id: 1 }]);
    expect(read?.rowActions).toEqual([]);
  });

  it.each([
    [120, '120px'],
    ['120px', '120px'],
    ['9000px', '600px'],
    ['120', '120px'],
    ['25%', '25%'],
    ['8.5rem', '8.5rem'],
    ['calc(100% - 1px)', undefined],
    ['1px;color:red', undefined],
    [{}, undefined],
  ])('have columns as wide as they say, within bounds: %j', (width, expected) => {
    const list = { columns: [{ key: 'id', width }], data: [] };
    expect(listResultOf({ list })?.columns[0]?.width).toBe(expected);
  });

  it('have the columns of their first row when they name none, at most eight', () => {
    const row = Object.fromEntries([...'abcdefghij'].map((key) => [key, 1]));
    const keysOf = (list: object) => listResultOf({ list } as never)?.columns.map(({ key }) => key);
    expect(keysOf({ data: [{ __detail: {}, ...row }, { z: 1 }] })).toEqual([...'abcdefgh']);
    expect(keysOf({ columns: [], data: [{ a: 1 }] })).toEqual(['a']);
    expect(keysOf({ data: [], emptyText: 'None.' })).toEqual([]);
  });

  it.each([[null], [{}], [{ list: [] }], [{ list: { columns: [], data: [] } }], [{ list: { columns, data: 'x' } }]])(
    'is none in %j',
    (data) => {
      expect(listResultOf(data)).toBeNull();
    },
  );

  it('reads an unknown format as text', () => {
    const list = { columns: [{ key: 'a', format: 'constructor' }], data: [] };
    expect(listResultOf({ list })?.columns[0]).toMatchObject({ label: 'a', format: 'text' });
  });
});

describe('detailResultOf', () => {
  it('shows every value when no fields are named', () => {
    expect(detailResultOf({ detail: { data: { a: 1, b: 2 } } })?.fields.map(({ key }) => key)).toEqual(['a', 'b']);
  });

  it('is none without data', () => {
    expect(detailResultOf({ detail: { fields: [] } })).toBeNull();
  });
});

describe('details above a form', () => {
  it.each([
    [{ a: 1, b: 'x' }, ['a', 'b']],
    [{ title: 'T', data: { a: 1 }, fields: [{ key: 'a', label: 'A' }] }, ['A']],
  ])('are read from %j', (hint, labels) => {
    expect(detailHintOf(hint)?.fields.map(({ label }) => label)).toEqual(labels);
  });

  it.each([[undefined], [null], ['text'], [[1]], [{}]])('are none in %j', (hint) => {
    expect(detailHintOf(hint)).toBeNull();
  });
});
