import type { Json, JsonObject } from '#contracts';
import { preparedPayload, preparedSchema, preparedState } from './prepared-data.js';

describe('the data of a prepare', () => {
  it.each<[JsonObject | null, JsonObject]>([
    [null, {}],
    [{}, {}],
    [{ initialPayload: { a: 1 } }, { a: 1 }],
    [{ initialPayload: [1] }, {}],
    [{ initialPayload: 'text' }, {}],
    [{ initialPayload: null }, {}],
  ])('holds the initial payload: %j', (data, expected) => {
    expect(preparedPayload(data)).toEqual(expected);
  });

  it.each<[JsonObject | null, Json]>([
    [null, null],
    [{}, null],
    [{ currentState: { on: true } }, { on: true }],
    [{ currentState: [1, 2] }, [1, 2]],
    [{ currentState: 0 }, 0],
  ])('holds the current state: %j', (data, expected) => {
    expect(preparedState(data)).toEqual(expected);
  });

  it.each<[JsonObject | null, JsonObject | null]>([
    [null, null],
    [{}, null],
    [{ inputSchema: { type: 'object' } }, { type: 'object' }],
    [{ action: { inputSchema: { type: 'object' } } }, { type: 'object' }],
    [{ inputSchema: { a: 1 }, action: { inputSchema: { b: 1 } } }, { a: 1 }],
    [{ inputSchema: 'text', action: { inputSchema: [] } }, null],
    [{ action: 'echo' }, null],
  ])('holds a schema: %j', (data, expected) => {
    expect(preparedSchema(data)).toEqual(expected);
  });
});
