import { fieldAt } from './issue-fields';

describe('fieldAt', () => {
  const fields = [
    { key: 'name' },
    {
      key: 'list',
      fieldGroup: [
        { key: '0', fieldGroup: [{ key: 'id' }] },
        { key: '1', fieldGroup: [{ key: 'id' }] },
      ],
    },
  ];

  it.each([
    ['name', 'name'],
    ['list.1.id', 'id'],
    ['list.1', '1'],
    ['list.7.id', 'list'],
    ['name.more', 'name'],
  ])('finds for %s the field %s', (path, key) => {
    expect(fieldAt(fields, path)?.key).toBe(key);
  });

  it.each([[''], ['other']])('finds none for %p', (path) => {
    expect(fieldAt(fields, path)).toBeUndefined();
  });
});
