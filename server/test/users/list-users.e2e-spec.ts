import type { User } from '#contracts';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

describe('the list of users', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
    const owner = await app.signIn('owner');
    const users = [
      { username: 'ada', displayName: 'Ada 100%', role: 'viewer' },
      { username: 'bob', displayName: 'Bob_by', role: 'operator' },
      { username: 'cy', displayName: 'Élodie', role: 'operator' },
      { username: 'dee', role: 'viewer' },
    ];
    for (const user of users)
      await owner.post('/api/admin/users', { ...user, password: 'long enough here' }).expectOk();
    const dee = (await owner.get('/api/admin/users?q=dee').expectPage<User>()).data[0]!;
    await owner.patch(`/api/admin/users/${dee.id}`, { status: 'DISABLED' }).expectOk();
  });

  const namesOf = async (query: string): Promise<string[]> => {
    const owner = await app.signIn('owner');
    const { data } = await owner.get(`/api/admin/users${query}`).expectPage<User>();
    return data.map(({ username }) => username);
  };

  it('is sorted by name and paged', async () => {
    const owner = await app.signIn('owner');
    const first = await owner.get('/api/admin/users?pageSize=3').expectPage<User>();
    expect(first.data.map(({ username }) => username)).toEqual(['ada', 'bob', 'cy']);
    expect(first.pagination).toEqual({ page: 1, pageSize: 3, total: 5 });
    expect(await namesOf('?pageSize=3&page=2')).toEqual(['dee', 'owner']);
    expect(await namesOf('?page=1000000')).toEqual([]);
  });

  it('never shows fields of the password or the sessions', async () => {
    const owner = await app.signIn('owner');
    const { data } = await owner.get('/api/admin/users').expectPage<User>();
    for (const user of data) {
      expect(Object.keys(user).sort()).toEqual(
        [
          'createdAt',
          'displayName',
          'id',
          'lastLoginAt',
          'passkeyCount',
          'role',
          'status',
          'updatedAt',
          'username',
        ].sort(),
      );
    }
  });

  it.each([
    ['?role=viewer', ['ada', 'dee']],
    ['?role=viewer&role=owner', ['ada', 'dee', 'owner']],
    ['?role=viewer&status=ACTIVE', ['ada']],
    ['?status=DISABLED', ['dee']],
    ['?q=B', ['bob']],
    ['?q=ADA', ['ada']],
    ['?q=%25', ['ada']],
    ['?q=_', ['bob']],
    ['?q=%5C', []],
    ['?q=nobody', []],
    ['?sort=-username', ['owner', 'dee', 'cy', 'bob', 'ada']],
    ['?sort=-createdAt&pageSize=2', ['dee', 'cy']],
    ['?sort=-lastLoginAt,username&pageSize=2', ['owner', 'ada']],
  ])('returns for %s: %j', async (query, names) => {
    expect(await namesOf(query)).toEqual(names);
  });

  it.each(['élodie', 'Élodie', 'ÉLOD'])('finds %s in any case', async (q) => {
    expect(await namesOf(`?q=${encodeURIComponent(q)}`)).toEqual(['cy']);
  });

  it.each([
    'page=0',
    'page=abc',
    'page=-1',
    'page=1.5',
    'page=',
    'pageSize=0',
    'pageSize=101',
    'pageSize=10&pageSize=20',
    'role=admin',
    'role=',
    'status=active',
    'sort=passwordHash',
    'sort=username,,role',
    'q=a&q=b',
    `q=${'x'.repeat(201)}`,
    'unknown=1',
    'cursor=abc',
  ])('refuses %s', async (query) => {
    const owner = await app.signIn('owner');
    await owner.get(`/api/admin/users?${query}`).expectError(422, 'VALIDATION_FAILED');
  });
});
