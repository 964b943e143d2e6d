import { takePage, decodeCursor, encodeCursor, parseCursor } from './keyset.js';

const ID = 'aud_01M84KJWM6H3MJJ4HFE3QRPB3B';
const NEWEST_FIRST = [{ field: 'createdAt', direction: 'DESC' }] as const;
const rows = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ id: ID, createdAt: new Date(1_000_000 - i) }));
const refusal = expect.objectContaining({ code: 'VALIDATION_FAILED' }) as Error;

describe('a cursor', () => {
  it('encodes the end of a page to the millisecond', () => {
    const position = { at: new Date('2026-11-23T16:24:49.187Z'), id: ID };
    expect(decodeCursor(encodeCursor(position))).toEqual(position);
    expect(encodeCursor(position)).toMatch(/^[\w-]+$/);
  });

  it.each([
    '',
    'x',
    Buffer.from(`1.${ID}`).toString('base64url').slice(2),
    Buffer.from(`-1.${ID}`).toString('base64url'),
    Buffer.from(`1.${ID} `).toString('base64url'),
    Buffer.from(`1.${ID.toLowerCase()}`).toString('base64url'),
    Buffer.from(`9999999999999999.${ID}`).toString('base64url'),
    Buffer.from(`1.' OR 1=1 --`).toString('base64url'),
  ])('is refused when no page returned it: %j', (cursor) => {
    expect(() => decodeCursor(cursor)).toThrow(refusal);
  });

  it('works only with the order newest first', () => {
    const cursor = encodeCursor({ at: new Date(5), id: ID });
    expect(parseCursor(cursor, NEWEST_FIRST)).toEqual({ at: new Date(5), id: ID });
    expect(parseCursor(undefined, [{ field: 'name', direction: 'ASC' }])).toBeNull();
    for (const sort of [
      [{ field: 'createdAt', direction: 'ASC' }],
      [{ field: 'name', direction: 'DESC' }],
      [...NEWEST_FIRST, { field: 'name', direction: 'ASC' }],
    ] as const) {
      expect(() => parseCursor(cursor, sort)).toThrow(refusal);
    }
  });
});

describe('takePage', () => {
  it('returns a cursor only when there are more rows', () => {
    const found = rows(3);
    expect(takePage(found, 3, NEWEST_FIRST)).toEqual({ rows: found });
    expect(takePage(found, 2, NEWEST_FIRST)).toEqual({
      rows: found.slice(0, 2),
      nextCursor: encodeCursor({ at: found[1]!.createdAt, id: ID }),
    });
    expect(takePage([], 2, NEWEST_FIRST)).toEqual({ rows: [] });
  });

  it('returns no cursor in another order', () => {
    expect(takePage(rows(3), 2, [{ field: 'createdAt', direction: 'ASC' }])).toEqual({ rows: rows(2) });
  });
});
