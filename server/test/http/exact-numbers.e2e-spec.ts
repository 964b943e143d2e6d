import { gzipSync } from 'node:zlib';
import type { CommandProgressResponse, CapsuleServiceDetail, CommandDetail } from '#contracts';
import { anAction } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { issuePaths, refusalOf } from '../support/refusal.js';
import { sharedTestApp, type TestApp } from '../support/start-test-app.js';

const ORDER = '7615917337495251231';
const INEXACT = [ORDER, '-9007199254740993', '1e400', '12345678901234.567', '0.12345678901234567890'];

let app: TestApp;
let governed: GovernedService;
beforeAll(async () => {
  app = await sharedTestApp();
  governed = await GovernedService.of(app, { actions: [anAction({ name: 'any', inputSchema: { type: 'object' } })] });
});

const execute = (
  payload: string,
  headers: Record<string, string> = {},
  pack = (text: string): string | Buffer => text,
) =>
  governed.operator.request('POST', `${governed.path}/actions/any`, {
    rawBody: pack(`{"payload":${payload}}`),
    headers: { 'content-type': 'application/json', ...headers },
  });

describe('A number that a reader of JSON would change', () => {
  it.each(INEXACT)('is refused by name where users send it: %s', async (number) => {
    expect(issuePaths(await execute(`{"a":[{"text":"9007199254740993"},{"order":${number}}]}`))).toEqual([
      'payload.a.1.order',
    ]);
  });

  it('is refused in any spelling of the body', async () => {
    const zip = { 'content-encoding': 'gzip' };
    expect(issuePaths(await execute(`{"a" :\n ${ORDER} }`, zip, (text) => gzipSync(text)))).toEqual(['payload.a']);
    const utf16 = { 'content-type': 'application/json; charset=utf-16le' };
    expect(issuePaths(await execute(`{"a":${ORDER}}`, utf16, (text) => Buffer.from(text, 'utf16le')))).toEqual([
      'payload.a',
    ]);
    expect(
      refusalOf(await app.api.request('POST', '/api/admin/auth/login', { rawBody: `{"username":${ORDER}}` })),
    ).toBe('422 VALIDATION_FAILED');
  });

  it('is none of these', async () => {
    const text = `{"a":[9007199254740991,19.99,1e3,0.30000000000000004,0.10000000000000001,"${ORDER}","a: ${ORDER}"]}`;
    const { payload } = await execute(text).expectOk<CommandDetail>();
    expect(payload).toEqual({ a: [9007199254740991, 19.99, 1000, 0.30000000000000004, 0.1, ORDER, `a: ${ORDER}`] });
    await governed.agent.poll();
  });

  it('is carried as text with all its digits where agents send it: no result is lost for it', async () => {
    const command = await governed.running({}, 'any');
    const rawBody = `{"success":true,"data":{"order":${ORDER},"list":[1,1e400,"1: ${ORDER}"]}}`;
    await governed.agent.request('POST', `/commands/${command.id}/result`, { rawBody }).expectOk();
    const { result } = await governed.operator.get(`/api/admin/commands/${command.id}`).expectOk<CommandDetail>();
    expect(result?.data).toEqual({ order: ORDER, list: [1, '1e400', `1: ${ORDER}`] });
    const health = `{"health":{"status":"DEGRADED","details":{"nanoseconds":1893456000000000001}}}`;
    await governed.agent.request('POST', '/heartbeat', { rawBody: health }).expectOk();
    const shown = await governed.operator.get(governed.path).expectOk<CapsuleServiceDetail>();
    expect(shown).toMatchObject({
      healthStatus: 'DEGRADED',
      health: { details: { nanoseconds: '1893456000000000001' } },
    });
  });

  it('is left out by name of a field that takes a number', async () => {
    const command = await governed.running({}, 'any');
    const call = governed.agent.request('POST', `/commands/${command.id}/progress`, {
      rawBody: `{"percent":${ORDER}}`,
    });
    const { warnings } = await call.expectOk<CommandProgressResponse>();
    expect(warnings?.map(({ path }) => path)).toEqual(['percent']);
  });
});
