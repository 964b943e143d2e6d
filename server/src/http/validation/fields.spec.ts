import 'reflect-metadata';
import { validateSync } from 'class-validator';
import { Length, MaxLength, parseInstant } from './fields.js';

describe('parseInstant', () => {
  it.each([
    ['2030-01-31T12:00:00.000Z', '2030-01-31T12:00:00.000Z'],
    ['2030-01-31T12:00:00+02:00', '2030-01-31T10:00:00.000Z'],
    ['2030-01-31T12:00:00-0130', '2030-01-31T13:30:00.000Z'],
    ['2030-01-31T12:00:00.5', '2030-01-31T12:00:00.500Z'],
    ['2030-01-31T12:00', '2030-01-31T12:00:00.000Z'],
    ['2030-01-31 12:00:00', '2030-01-31T12:00:00.000Z'],
    ['2030-01-31', '2030-01-31T00:00:00.000Z'],
    ['2030-01', '2030-01-01T00:00:00.000Z'],
  ])('reads %s in UTC, whatever the time zone of the server', (text, expected) => {
    expect(parseInstant(text)?.toISOString()).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '2030-02-30',
    '2030-13-01',
    '2030-W10-1',
    '2030-366',
    '1767225600',
    '31.01.2030',
    '2030-01-31T25:00',
    'Thu, 01 Jan 1970 00:00:00 GMT',
  ])('does not read %p', (text) => {
    expect(parseInstant(text)).toBeNull();
  });
});

class Texts {
  @MaxLength(3)
  short = '';

  @Length(2, 3)
  name = 'ab';

  @MaxLength(3, { each: true })
  labels: readonly string[] = [];
}

const messagesOf = (values: Partial<Texts>): readonly string[] =>
  validateSync(Object.assign(new Texts(), values)).flatMap(({ constraints }) => Object.values(constraints ?? {}));

describe('the length of a text', () => {
  it('is counted in code points, as varchar counts', () => {
    expect(messagesOf({ short: '😀😀😀', name: '👍🏽a' })).toEqual([]);
    expect(messagesOf({ short: '😀😀😀😀' })).toHaveLength(1);
    // A variation selector is a code point of its own.
    expect(messagesOf({ short: 'a\uFE0Fb\uFE0F' })).toHaveLength(1);
    expect(messagesOf({ name: '😀' })).toHaveLength(1);
  });

  it.each<[Partial<Texts>, string]>([
    [{ short: 'abcd' }, 'short must be shorter than or equal to 3 characters'],
    [{ name: 'a' }, 'name must be longer than or equal to 2 characters'],
    [{ name: 'abcd' }, 'name must be shorter than or equal to 3 characters'],
    [
      { name: 5 as unknown as string },
      'name must be longer than or equal to 2 and shorter than or equal to 3 characters',
    ],
    [{ labels: ['ab', 'abcd'] }, 'each value in labels must be shorter than or equal to 3 characters'],
  ])('of %j is refused with a message that the console knows', (values, message) => {
    expect(messagesOf(values)).toEqual([message]);
  });
});
