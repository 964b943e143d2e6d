import { Search } from './list-reader.js';

describe('a search', () => {
  it('takes wildcards for themselves', () => {
    expect(new Search('sqlite', '100%_\\').q).toBe('%100\\%\\_\\\\%');
  });

  it.each([
    ['sqlite', 'Till', `(a LIKE :q ESCAPE '\\' OR b LIKE :q ESCAPE '\\')`],
    ['sqlite', 'Élodie', `(LOWER(a) LIKE :q ESCAPE '\\' OR LOWER(b) LIKE :q ESCAPE '\\')`],
    ['postgres', 'Till', `(LOWER(a) LIKE :q ESCAPE '\\' OR LOWER(b) LIKE :q ESCAPE '\\')`],
  ] as const)('asks %s for %s without regard to case', (kind, text, condition) => {
    const search = new Search(kind, text);
    expect(search.in('a', 'b')).toBe(condition);
    expect(search.q).toBe(`%${text.toLowerCase()}%`);
  });
});
