import { payloadOf } from './payload-of';

const schema = {
  type: 'object',
  properties: {
    name: { type: 'string', 'x-optional': false },
    tags: { type: 'array', items: { type: 'string' }, 'x-optional': true },
    owner: { type: 'object', properties: { mail: { type: 'string', 'x-optional': true } }, 'x-optional': true },
    place: { type: 'object', properties: {}, 'x-optional': false },
  },
};

describe('payloadOf', () => {
  it('leaves out what was left empty', () => {
    const model = { name: 'x', note: undefined, tags: [], owner: { mail: undefined }, place: {} };
    expect(payloadOf(model, schema, {})).toEqual({ name: 'x', place: {} });
  });

  it('keeps a list that was emptied', () => {
    expect(payloadOf({ tags: [] }, schema, { tags: ['a'] })).toEqual({ tags: [] });
  });

  it('keeps what the schema does not know', () => {
    expect(payloadOf({ extra: { a: [1, null] }, none: null }, schema, {})).toEqual({
      extra: { a: [1, null] },
      none: null,
    });
  });

  it('keeps the places in a list', () => {
    expect(payloadOf({ tags: ['a', undefined, 'b'] }, schema, {})).toEqual({ tags: ['a', null, 'b'] });
  });
});
