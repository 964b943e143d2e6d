import { fillRow } from './fill-row';

describe('fillRow', () => {
  const row = { id: 'itm_1', count: 3, owner: { name: 'Ada', tags: ['a', 'b'] }, gone: null };

  it('takes values from the row, with their types', () => {
    expect(fillRow({ id: '$row.id', n: '$row.count', quantity: 10 }, row)).toEqual({ id: 'itm_1', n: 3, quantity: 10 });
  });

  it('follows paths, into lists too', () => {
    expect(fillRow({ who: { is: '$row.owner.name' }, tags: ['$row.owner.tags.1', 'x'] }, row)).toEqual({
      who: { is: 'Ada' },
      tags: ['b', 'x'],
    });
  });

  it('leaves out what the row does not have', () => {
    expect(fillRow({ a: '$row.nothing', b: '$row.constructor', c: '$row.gone' }, row)).toEqual({ c: null });
  });

  it('leaves other texts alone', () => {
    expect(fillRow({ a: '$rows.id', b: 'the $row.id', c: '$row' }, row)).toEqual({
      a: '$rows.id',
      b: 'the $row.id',
      c: '$row',
    });
  });
});
