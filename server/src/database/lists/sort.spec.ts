import { parseSort } from './page.js';

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
  it.each([undefined, ''])('falls back where nothing is asked for: %p', (sort) => {
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
  ])('refuses %p, and says what there is', (sort) => {
    const message = 'sort must be one of createdAt, lastSeenAt, lastHeartbeatAt, with - before it for descending';
    expect(refusalOf(() => parse(sort))).toMatchObject({
      code: 'VALIDATION_FAILED',
      details: { issues: [{ path: 'sort', message }] },
    });
  });
});
