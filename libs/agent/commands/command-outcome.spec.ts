import type { ActionAnswer } from '../base/types.js';
import { failed, succeeded } from './command-outcome.js';

describe('succeeded', () => {
  it.each<[string, ActionAnswer, object]>([
    ['nothing', undefined, {}],
    ['an empty object', {}, {}],
    ['a message', { message: 'Done.' }, { message: 'Done.' }],
    ['a message and data', { message: 'Done.', data: { n: 1 } }, { message: 'Done.', data: { n: 1 } }],
    ['any object, as data', { n: 1, message: 'Part of it.' }, { data: { n: 1, message: 'Part of it.' } }],
    ['an object whose message is not a string', { message: 5 }, { data: { message: 5 } }],
    ['an object whose data is not an object', { data: [1] }, { data: { data: [1] } }],
  ])('takes %s', (_, answer, result) => {
    expect(succeeded(answer)).toEqual({ success: true, ...result });
  });

  it('ignores an answer that is not an object', () => {
    expect(succeeded('text' as unknown as ActionAnswer)).toEqual({ success: true });
    expect(succeeded([1] as unknown as ActionAnswer)).toEqual({ success: true });
  });
});

describe('failed', () => {
  it('accepts only non-empty strings as a code', () => {
    const aborted = new DOMException('Aborted.', 'AbortError');
    expect(failed(aborted).error).toEqual({ code: 'ACTION_FAILED', message: 'Aborted.' });
  });
});
