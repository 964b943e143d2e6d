import { bindSql } from './named-parameters.js';

describe('a statement with named parameters', () => {
  const text = `UPDATE t SET a = :a WHERE id = :id AND b IN (:...list) AND a <> :a AND c::text = ':' `;

  it.each([
    ['sqlite', `UPDATE t SET a = ? WHERE id = ? AND b IN (?, ?) AND a <> ? AND c::text = ':' `],
    ['postgres', `UPDATE t SET a = $1 WHERE id = $2 AND b IN ($3, $4) AND a <> $5 AND c::text = ':' `],
  ] as const)('uses the placeholders of %s', (kind, sql) => {
    expect(bindSql(kind, text, { id: 7, a: null, list: ['x', 'y'] })).toEqual({
      sql,
      values: [null, 7, 'x', 'y', null],
    });
    expect(bindSql(kind, text, { id: 8, a: 1, list: ['x', 'z'] }).values).toEqual([1, 8, 'x', 'z', 1]);
  });

  it('is refused when a parameter is missing, or a list is empty', () => {
    expect(() => bindSql('sqlite', text, { id: 7, list: [1] })).toThrow('needs :a');
    expect(() => bindSql('sqlite', text, { id: 7, a: 1, list: [] })).toThrow('A list');
  });
});
