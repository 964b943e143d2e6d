import { takePage, decodeCursor, encodeCursor, parseCursor } from './keyset.js';

const ID = 'aud_01M84KJWM6H3MJJ4HFE3QRPB3B';
const NEWEST_FIRST = [{ field: 'createdAt', direction: 'DESC' }] as const;
const rows = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ id: ID, createdAt: new Date(1_000_000 - i) }));
const refusal = expect.objectContaining({ code: 'VALIDATION_FAILED' }) as Error;

describe('a cursor', () => {
  it('says where a page ended, to the millisecond', () => {
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
  ])('that no page returned is refused: %j', (cursor) => {
    expect(() => decodeCursor(cursor)).toThrow(refusal);
  });

  it('goes with the order newest first only', () => {
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

describe('cutPage', () => {
  it('gives a cursor only while there is more', () => {
    const found = rows(3);
    expect(takePage(found, 3, NEWEST_FIRST)).toEqual({ rows: found });
    expect(takePage(found, 2, NEWEST_FIRST)).toEqual({
      rows: found.slice(0, 2),
      nextCursor: encodeCursor({ at: found[1]!.createdAt, id: ID }),
    });
    expect(takePage([], 2, NEWEST_FIRST)).toEqual({ rows: [] });
  });

  it('gives none in another order', () => {
    expect(takePage(rows(3), 2, [{ field: 'createdAt', direction: 'ASC' }])).toEqual({ rows: rows(2) });
  });
});
