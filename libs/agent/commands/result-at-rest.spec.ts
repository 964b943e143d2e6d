import type { JsonObject } from '../../contracts/index.js';
import { resultAtRest } from './result-at-rest.js';

const STARTED_AT = '2026-11-01T12:00:00.000Z';

describe('resultAtRest', () => {
  it.each<[string, JsonObject]>([
    ['plain data', { list: { columns: [{ key: 'name', label: 'Name' }], data: [{ name: 'Bolt' }] } }],
    ['counts and flags about secrets', { tokenCount: 3, hasPassword: true, secret: null, cookie: '' }],
  ])('is the result itself for %s', (_, data) => {
    const result = { success: true, message: 'Done.', data };
    expect(resultAtRest(result)).toEqual(result);
  });

  it.each<[string, object]>([
    ['a one-time key', { data: { generatedKey: 'canary' } }],
    ['a secret deep inside', { data: { list: { data: [{ apiKey: 'canary' }] } } }],
    ['a list of secrets', { data: { tokens: ['canary'] } }],
    ['a token in a message', { message: 'Made opstage_agent_canary.' }],
    ['a header in an error', { error: { code: 'X', message: 'Sent Authorization: Bearer canary-canary.' } }],
    ['a key as text', { data: { pem: '-----BEGIN PRIVATE KEY-----\ncanary' } }],
    ['what JSON cannot hold', { data: { count: 1n } }],
  ])('is a failure in its place for %s', (_, content) => {
    const rest = resultAtRest({ success: true, startedAt: STARTED_AT, ...content });
    expect(rest).toMatchObject({ success: false, error: { code: 'AGENT_RESTARTED' }, startedAt: STARTED_AT });
    expect(JSON.stringify(rest)).not.toContain('canary');
  });
});
