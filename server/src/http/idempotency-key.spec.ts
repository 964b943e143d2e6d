import type { Request } from 'express';
import { DomainError } from '../common/errors.js';
import { readIdempotencyKey } from './idempotency-key.js';

const requestWith = (key: string | undefined): Pick<Request, 'get'> => ({
  get: ((name: string) => (name === 'Idempotency-Key' ? key : undefined)) as Request['get'],
});

describe('readIdempotencyKey', () => {
  it.each(['a', '!', '~', '"8e03978e-40d5-43dd-bc93-6894a57f9324"', 'k'.repeat(200)])('accepts %s', (key) => {
    expect(readIdempotencyKey(requestWith(key))).toBe(key);
  });

  it('returns null without the header', () => {
    expect(readIdempotencyKey(requestWith(undefined))).toBeNull();
  });

  it.each([
    ['an empty one', ''],
    ['201 characters', 'k'.repeat(201)],
    ['two of them, as Node joins them', 'a, b'],
    ['a blank', 'a b'],
    ['a tab', 'a\tb'],
    ['a letter that is not ASCII', 'é'],
    ['a line break at its end', 'a\n'],
    ['DEL', 'a\u007f'],
  ])('rejects %s and names the header', (_what, key) => {
    const refused = (): unknown => readIdempotencyKey(requestWith(key));
    expect(refused).toThrow(DomainError);
    expect(refused).toThrow(
      expect.objectContaining({ details: { issues: [expect.objectContaining({ path: 'Idempotency-Key' })] } }) as Error,
    );
  });
});
