import 'reflect-metadata';
import { ArrayMaxSize, IsBoolean, IsOptional, IsString } from 'class-validator';
import { ToArray, ToBoolean } from '../../http/validation/fields.js';
import { IsCursor, PageQuery } from '../../http/validation/page-query.dto.js';
import { strictValidation } from '../../http/validation/validation.pipe.js';
import { PageResult, parseSort, toPage } from './page.js';

class Query extends PageQuery {
  @IsCursor()
  cursor?: string;

  @IsOptional()
  @ToArray()
  @ArrayMaxSize(2)
  @IsString({ each: true })
  status?: string[];

  @IsOptional()
  @ToBoolean()
  @IsBoolean()
  flag?: boolean;
}

const read = (query: Record<string, unknown>): Query =>
  strictValidation.transform(query, { type: 'query', metatype: Query }) as Query;

describe('the query of a page', () => {
  it('defaults to the first twenty rows', () => {
    expect(read({})).toMatchObject({ page: 1, pageSize: 20 });
  });

  it.each([
    [
      { page: '1', pageSize: '1' },
      { page: 1, pageSize: 1 },
    ],
    [
      { page: '1000000000', pageSize: '100' },
      { page: 1_000_000_000, pageSize: 100 },
    ],
    [{ page: '007' }, { page: 7 }],
    [{ cursor: 'abc' }, { cursor: 'abc' }],
    [{ status: 'A' }, { status: ['A'] }],
    [{ status: ['A', 'B'] }, { status: ['A', 'B'] }],
    [{ flag: 'true' }, { flag: true }],
    [{ flag: 'false' }, { flag: false }],
  ])('reads %j', (query, expected) => {
    expect(read(query)).toMatchObject(expected);
  });

  it.each([
    { page: '0' },
    { page: '-1' },
    { page: '1.5' },
    { page: '' },
    { page: ' 1' },
    { page: '1e3' },
    { page: ['1', '2'] },
    { page: '1000000001' },
    { pageSize: '0' },
    { pageSize: '101' },
    { cursor: 'x'.repeat(201) },
    { cursor: ['a', 'b'] },
    { status: ['A', 'B', 'C'] },
    { status: [['A']] },
    { flag: '1' },
    { flag: '' },
    { unknown: '1' },
  ])('refuses %j', (query) => {
    expect(() => read(query as Record<string, unknown>)).toThrow('The request is not valid');
  });
});

describe('a page', () => {
  const query = read({ page: '3', pageSize: '2' });

  it('has its number, its size and the total', () => {
    const page = toPage(query, { rows: [5, 6], total: 7 }, (row) => `#${row}`);
    expect(page).toBeInstanceOf(PageResult);
    expect(page).toEqual({ data: ['#5', '#6'], pagination: { page: 3, pageSize: 2, total: 7 } });
  });

  it('has a cursor when there are more rows', () => {
    expect(toPage(query, { rows: [], total: 0, nextCursor: 'abc' }, String).pagination.nextCursor).toBe('abc');
  });
});

const FIELDS = { createdAt: 'createdAt', lastSeenAt: 'lastHeartbeatAt', lastHeartbeatAt: 'lastHeartbeatAt' } as const;
const FALLBACK = [{ field: 'createdAt', direction: 'DESC' }] as const;

const parse = (sort: string | undefined) => parseSort(sort, FIELDS, FALLBACK);

const refusalOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('parseSort', () => {
  it.each([undefined, ''])('uses the fallback for %p', (sort) => {
    expect(parse(sort)).toBe(FALLBACK);
  });

  it.each([
    ['createdAt', [{ field: 'createdAt', direction: 'ASC' }]],
    ['-createdAt', [{ field: 'createdAt', direction: 'DESC' }]],
    ['-lastSeenAt', [{ field: 'lastHeartbeatAt', direction: 'DESC' }]],
    [
      'lastHeartbeatAt,-createdAt',
      [
        { field: 'lastHeartbeatAt', direction: 'ASC' },
        { field: 'createdAt', direction: 'DESC' },
      ],
    ],
  ])('reads %s', (sort, expected) => {
    expect(parse(sort)).toEqual(expected);
  });

  it.each([
    'name',
    '-',
    '--createdAt',
    '+createdAt',
    ' createdAt',
    'createdAt,',
    ',createdAt',
    'createdat',
    'constructor',
    '__proto__',
    'toString',
    'createdAt DESC',
  ])('refuses %p and names the valid fields', (sort) => {
    const message = 'sort must be one of createdAt, lastSeenAt, lastHeartbeatAt, with - before it for descending';
    expect(refusalOf(() => parse(sort))).toMatchObject({
      code: 'VALIDATION_FAILED',
      details: { issues: [{ path: 'sort', message }] },
    });
  });
});
