import { failed, prepared, returned } from './command-outcome.js';

const cycle = (): unknown => {
  const one: Record<string, unknown> = { name: 'A' };
  one.self = one;
  return one;
};

const getter = (): unknown => ({
  good: 1,
  get bad() {
    throw new Error('Not today.');
  },
});

interface Row {
  sku: string;
  count: number;
}

describe('What a handler returned', () => {
  const row: Row = { sku: 'A', count: 1 };

  it.each<[string, unknown, object]>([
    ['nothing', undefined, {}],
    ['null', null, {}],
    ['an empty object', {}, {}],
    ['a message', { message: 'Done.' }, { message: 'Done.' }],
    ['a message and data', { message: 'Done.', data: { n: 1 } }, { message: 'Done.', data: { n: 1 } }],
    ['a message and a list', { message: 'Done.', data: [1] }, { message: 'Done.', data: { value: [1] } }],
    ['a success with its data', { success: true, data: row }, { data: row }],
    ['any object, as data', { n: 1, message: 'Part of it.' }, { data: { n: 1, message: 'Part of it.' } }],
    ['an object whose message is not a text', { message: 5 }, { data: { message: 5 } }],
    ['a list', [row], { data: { value: [row] } }],
    ['a text', 'text', { data: { value: 'text' } }],
    ['a number', 7, { data: { value: 7 } }],
    ['false', false, { data: { value: false } }],
    ['a date', new Date(0), { data: { value: '1970-01-01T00:00:00.000Z' } }],
    ['a map and a set', { map: new Map([['a', 1]]), set: new Set([1]) }, { data: { map: { a: 1 }, set: [1] } }],
    [
      'an error in the data',
      { cause: new RangeError('Far.') },
      { data: { cause: { name: 'RangeError', message: 'Far.' } } },
    ],
  ])('is a success: %s', (_, answer, result) => {
    expect(returned(answer)).toEqual({ result: { success: true, ...result }, changes: '' });
  });

  it.each<[string, unknown, object]>([
    ['with a text', { success: false, error: 'No.' }, { error: { code: 'ACTION_FAILED', message: 'No.' } }],
    ['with a code', { success: false, error: { code: 'X', message: 'No.' } }, { error: { code: 'X', message: 'No.' } }],
    [
      'with an error',
      { success: false, error: new Error('No.') },
      { error: { code: 'ACTION_FAILED', message: 'No.' } },
    ],
    ['with a message', { success: false, message: 'No.' }, { error: { code: 'ACTION_FAILED', message: 'No.' } }],
    ['with nothing', { success: false }, { error: { message: 'The action reported a failure.' } }],
    ['with data', { success: false, error: 'No.', data: [1] }, { error: { message: 'No.' }, data: { value: [1] } }],
    ['with anything', { success: false, error: 'No.', rows: 2 }, { error: { message: 'No.' }, data: { rows: 2 } }],
    ['an error', Object.assign(new Error('No.'), { code: 'X' }), { error: { code: 'X', message: 'No.' } }],
  ])('is a failure: %s', (_, answer, result) => {
    expect(returned(answer).result).toMatchObject({ success: false, ...result });
  });

  it.each<[string, () => unknown, object, string]>([
    ['a BigInt', () => ({ id: 7615917337495251231n }), { id: '7615917337495251231' }, 'result.id was sent as text'],
    ['an unsafe integer', () => ({ id: 2 ** 53 }), { id: '9007199254740992' }, 'result.id was sent as text'],
    ['no number', () => ({ ratio: 0 / 0 }), { ratio: 'NaN' }, 'result.ratio was sent as text'],
    ['a cycle', cycle, { name: 'A', self: '[not sent]' }, 'result.self was left out, because it contains itself'],
    ['a getter that throws', getter, { good: 1, bad: '[not sent]' }, 'cannot be read (Not today.)'],
  ])('stays a success that says what is not as it was: %s', (_, answer, data, note) => {
    const { result, changes } = returned(answer());
    expect(result).toMatchObject({ success: true, data, message: expect.stringContaining(note) as string });
    expect(changes).toContain(note);
  });

  it('is a success that says so when it cannot be sent at all', () => {
    expect(returned(() => undefined).result).toEqual({
      success: true,
      message: 'The handler returned a function, which cannot be sent.',
    });
  });
});

describe('What a handler threw', () => {
  it('has only a non-empty text as its code', () => {
    const aborted = new DOMException('Aborted.', 'AbortError');
    expect(failed(aborted).result.error).toEqual({ code: 'ACTION_FAILED', message: 'Aborted.' });
  });

  it('keeps its reasons in the message', () => {
    const cause = new Error('The connection was refused.');
    expect(failed(new Error('No order was saved.', { cause })).result.error?.message).toBe(
      'No order was saved. (The connection was refused.)',
    );
    expect(failed(new AggregateError([cause, 'Too late.'])).result.error?.message).toBe(
      'The connection was refused.; Too late.',
    );
  });
});

describe('What a preparation returned', () => {
  it.each([
    ['nothing', undefined],
    ['a text', 'text'],
    ['a payload that is none', { initialPayload: [1] }],
  ])('is an empty form: %s', (_, answer) => {
    expect(prepared(answer).result).toEqual({ success: true, data: { initialPayload: {}, currentState: null } });
  });
});
