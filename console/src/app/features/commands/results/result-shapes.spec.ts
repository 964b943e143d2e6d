import { detailResultOf, listResultOf } from './result-shapes';

describe('listResultOf', () => {
  const columns = [{ key: 'id', label: 'Id', format: 'code', width: 9_000 }];

  it('reads a table, filling in what it leaves out', () => {
    const list = { columns, data: [{ id: 1 }], rowActions: [{ action: 'show', payload: { id: '$row.id' } }] };
    expect(listResultOf({ list })).toEqual({
      title: '',
      emptyText: '',
      pageSize: 20,
      columns: [{ key: 'id', label: 'Id', format: 'code', width: 600, copyable: false, ellipsis: false }],
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
