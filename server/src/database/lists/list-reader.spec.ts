import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SelectQueryBuilder } from 'typeorm';
import type { DatabaseKind } from '#contracts';
import { type TestDatabase, createTestDatabase } from '../../../test/support/test-database.js';
import { entities } from '../../entities.js';
import { UserEntity } from '../../modules/auth/users/user.entity.js';
import type { Database } from '../database.js';
import { openDatabase } from '../open-database.js';
import { ListReader, type ListRequest, Search } from './list-reader.js';

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

  it('are counted each time when there are few rows', async () => {
    const { answers, query, totals } = setUp();
    answers.few = 20_000;
    expect(await totals.count(query('few'))).toBe(20_000);
    answers.few = 7;
    expect(await totals.count(query('few'))).toBe(7);
  });

  it('may be ten seconds old when there are very many, and are recounted in the background', async () => {
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

  it('are kept for each query separately', async () => {
    const { answers, query, totals } = setUp();
    Object.assign(answers, { a: 50_000, b: 60_000 });
    expect([await totals.count(query('a')), await totals.count(query('b'))]).toEqual([50_000, 60_000]);
  });
});

const aUser = (username: string, lastLoginAt: number | null, createdAt: number): UserEntity => ({
  id: `usr_${username.padStart(26, '0').toUpperCase()}`,
  username,
  displayName: null,
  passwordHash: '',
  role: 'viewer',
  status: 'ACTIVE',
  sessionEpoch: 0,
  isBootstrapPassword: false,
  passkeyCount: 0,
  lastLoginAt: lastLoginAt === null ? null : new Date(lastLoginAt),
  createdAt: new Date(createdAt),
  updatedAt: new Date(createdAt),
});

const USERS = [aUser('a', 2, 10), aUser('b', null, 20), aUser('c', 1, 20), aUser('d', null, 10), aUser('e', 3, 30)];

// `user` is a reserved word of PostgreSQL: names that need quotes must work.
describe.each<DatabaseKind>(['sqlite', 'postgres'])('a page of a list on %s', (kind) => {
  let folder: string;
  let store: TestDatabase;
  let db: Database;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-page-'));
    store = await createTestDatabase(kind, folder);
    db = await openDatabase({ database: store.config, backupDir: folder }, entities);
    await db.transaction(async (tx) => {
      for (const user of USERS) await tx.insert(UserEntity, user);
    });
  });

  afterAll(async () => {
    await db.close();
    await store.drop();
    rmSync(folder, { recursive: true });
  });

  const all = () => db.select(UserEntity, 'user');
  const request = (changes: Partial<ListRequest<keyof UserEntity>>): ListRequest<keyof UserEntity> => ({
    sort: [],
    page: 1,
    pageSize: 10,
    ...changes,
  });
  const namesOf = (rows: readonly UserEntity[]): string => rows.map(({ username }) => username).join('');

  it('has the matching rows in order, and their total', async () => {
    const query = all().where('"user".username <> :no', { no: 'c' });
    const sort = [{ field: 'username', direction: 'DESC' }] as const;
    const { rows, total, nextCursor } = await new ListReader(db, UserEntity).page(
      query,
      request({ sort, page: 2, pageSize: 2 }),
    );
    expect(rows).toEqual([USERS[1], USERS[0]]);
    expect([total, nextCursor]).toEqual([4, undefined]);
  });

  it.each([
    ['ASC', 'caebd'],
    ['DESC', 'eacbd'],
  ] as const)('sorts rows without a value last, %s', async (direction, expected) => {
    const sort = [{ field: 'lastLoginAt', direction }] as const;
    const { rows } = await new ListReader(db, UserEntity).page(all(), request({ sort }));
    expect(namesOf(rows)).toBe(expected);
  });

  it('orders rows that compare equal by id', async () => {
    const sort = [{ field: 'createdAt', direction: 'DESC' }] as const;
    const page = async (reader: ListReader<UserEntity>) => namesOf((await reader.page(all(), request({ sort }))).rows);
    expect(await page(new ListReader(db, UserEntity))).toBe('ebcad');
    expect(await page(new ListReader(db, UserEntity, { tieBreak: 'DESC' }))).toBe('ecbda');
  });

  it('continues from a cursor', async () => {
    const reader = new ListReader(db, UserEntity, { hasCursors: true });
    const sort = [{ field: 'createdAt', direction: 'DESC' }] as const;
    const pages: string[] = [];
    let cursor: string | undefined;
    do {
      const { rows, total, nextCursor } = await reader.page(
        all(),
        request({ sort, pageSize: 2, ...(cursor !== undefined && { cursor }) }),
      );
      expect(total).toBe(5);
      pages.push(namesOf(rows));
      cursor = nextCursor;
    } while (cursor !== undefined);
    expect(pages).toEqual(['ec', 'bd', 'a']);
  });

  it('reads rows from a given source, and leaves out deleted ones', async () => {
    const read = jest.fn((ids: UserEntity['id'][]) =>
      Promise.resolve(ids.slice(1).map((id) => ({ user: { id }, isRead: true }))),
    );
    const source = { read, idOf: ({ user }: { readonly user: { readonly id: UserEntity['id'] } }) => user.id };
    const sort = [{ field: 'username', direction: 'ASC' }] as const;
    const { rows, total } = await new ListReader(db, UserEntity).page(all(), request({ sort, pageSize: 3 }), source);
    expect(rows).toEqual([USERS[1], USERS[2]].map((user) => ({ user: { id: user?.id }, isRead: true })));
    expect(total).toBe(5);
    const none = all().where('"user".username = :no', { no: 'nobody' });
    expect(await new ListReader(db, UserEntity).page(none, request({}), source)).toEqual({ rows: [], total: 0 });
    expect(read).toHaveBeenCalledTimes(1);
  });

  // However many rows an offset or a search passes over, agents do not wait for it.
  it('is found in a worker, which reads only the ids', async () => {
    const query = jest.spyOn(db, 'query');
    const inWorker = jest.spyOn(db, 'queryInWorker');
    await new ListReader(db, UserEntity).page(all(), request({}));
    expect(inWorker).toHaveBeenCalledTimes(2);
    expect(query.mock.calls.map(([, parameters]) => parameters)).toEqual([{ ids: USERS.map(({ id }) => id) }]);
    query.mockRestore();
    inWorker.mockRestore();
  });
});

describe('a search', () => {
  it('matches wildcards literally', () => {
    expect(new Search('sqlite', '100%_\\').q).toBe('%100\\%\\_\\\\%');
  });

  it.each([
    ['sqlite', 'Till', `(a LIKE :q ESCAPE '\\' OR b LIKE :q ESCAPE '\\')`],
    ['sqlite', 'Élodie', `(LOWER(a) LIKE :q ESCAPE '\\' OR LOWER(b) LIKE :q ESCAPE '\\')`],
    ['postgres', 'Till', `(LOWER(a) LIKE :q ESCAPE '\\' OR LOWER(b) LIKE :q ESCAPE '\\')`],
  ] as const)('ignores case on %s for %s', (kind, text, condition) => {
    const search = new Search(kind, text);
    expect(search.in('a', 'b')).toBe(condition);
    expect(search.q).toBe(`%${text.toLowerCase()}%`);
  });
});
