import { anAction } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';
import { storedText } from '../support/stored-text.js';

const SECRET = 'Zebra "stripes" & 77';
const KEY = 'made-just-now-4711';

const connect = anAction({
  name: 'connect',
  inputSchema: {
    type: 'object',
    properties: { phrase: { type: 'string', format: 'password' }, code: { type: 'integer', writeOnly: true } },
  },
});

/** The secret as programs write it into their answers. */
const SPELLINGS = [
  SECRET,
  JSON.stringify({ phrase: SECRET }),
  `https://host/?q=${encodeURIComponent(SECRET)}`,
  Buffer.from(SECRET).toString('base64'),
];

describe('A secret that a form took', () => {
  let app: TestApp;
  let governed: GovernedService;

  beforeEach(async () => {
    app = await startTestApp();
    governed = await GovernedService.of(app, { actions: [connect] });
  });

  const start = () => governed.running({ phrase: SECRET, code: 471_100, host: 'db' }, 'connect');

  const expectHidden = async (texts: readonly string[]): Promise<void> => {
    const all = [...texts, await storedText(app)];
    for (const text of all) {
      expect(text).not.toContain('stripes');
      expect(text).not.toContain('471100');
      for (const spelling of SPELLINGS) expect(text).not.toContain(spelling);
    }
  };

  it('is hidden in the progress of its command', async () => {
    const { id } = await start();
    const body = {
      message: `trying ${SECRET}`,
      log: ['to db', ...SPELLINGS.map((text) => `got ${text}`), 'code 471100'],
    };
    await governed.agent.request('POST', `/commands/${id}/progress`, { body }).expectOk();
    const { progress } = await governed.command(id, await app.signIn('viewer'));
    expect(progress?.message).toBe('trying [REDACTED]');
    expect(progress?.log[0]).toBe('to db');
    expect(progress?.log.at(-1)).toBe('code [REDACTED]');
    await expectHidden([JSON.stringify(progress)]);
  });

  it('is hidden in the message, data and error of its result, and in the audit', async () => {
    const { id } = await start();
    const result = {
      success: false,
      message: `could not log in with ${SECRET}`,
      data: { tried: SPELLINGS, [SECRET]: 1, code: 471_100, host: 'db' },
      error: { code: 'LOGIN_FAILED', message: `wrong: ${SECRET}`, sent: { body: SPELLINGS[1] } },
    };
    const answer = await governed.agent.request('POST', `/commands/${id}/result`, { body: result }).expectOk();
    const viewed = await governed.command(id, await app.signIn('viewer'));
    expect(viewed).toMatchObject({ errorCode: 'LOGIN_FAILED', errorMessage: 'wrong: [REDACTED]' });
    expect(viewed.result?.data).toMatchObject({ code: '[REDACTED]', host: 'db', '[REDACTED]': 1 });
    await expectHidden([JSON.stringify(answer), JSON.stringify(viewed), JSON.stringify(await app.auditEvents())]);
  });

  it('is hidden though the same result may be sent again', async () => {
    const { id } = await start();
    const body = { success: true, message: `with ${SECRET}` };
    const first = await governed.agent.request('POST', `/commands/${id}/result`, { body }).expectOk();
    expect(await governed.agent.request('POST', `/commands/${id}/result`, { body }).expectOk()).toEqual(first);
    const other = { body: { success: true, message: 'with another' } };
    await governed.agent.request('POST', `/commands/${id}/result`, other).expectError(409, 'COMMAND_ALREADY_COMPLETED');
    await expectHidden([]);
  });

  it('is hidden in a late result, whose texts are not kept once the secret is erased', async () => {
    const { id } = await start();
    await governed.operator.post(`/api/admin/commands/${id}/cancel`).expectOk();
    const body = { success: true, message: `with ${SECRET}`, data: { rows: 3, first: SECRET } };
    const answer = await governed.agent.request('POST', `/commands/${id}/result`, { body }).expectOk<object>();
    expect(answer).toMatchObject({ late: true, message: '[REDACTED]', data: { rows: 3, first: '[REDACTED]' } });
    expect(answer).toMatchObject({ warnings: [{ path: '', message: expect.stringContaining('not kept') as unknown }] });
    await expectHidden([JSON.stringify(answer)]);
  });

  it('that an action generates is hidden wherever its result repeats it', async () => {
    const { id } = await governed.running({}, 'connect');
    const data = { generatedKey: KEY, note: `use ${KEY}`, example: `curl -H 'X: ${KEY}'` };
    await governed.agent.complete(id, { success: true, message: `made ${KEY}`, data }).expectOk();
    expect(await storedText(app)).not.toContain(KEY);
    const { result } = await governed.command(id, governed.operator);
    expect(result).toMatchObject({ message: 'made [REDACTED]', data: { generatedKey: KEY, note: 'use [REDACTED]' } });
  });

  it('does not hide what other commands send', async () => {
    const { id } = await governed.running({ host: 'db' }, 'connect');
    await governed.agent.complete(id, { success: true, message: 'with Zebra and 471100' }).expectOk();
    expect((await governed.command(id, governed.operator)).result?.message).toBe('with Zebra and 471100');
  });
});

describe('A result or progress that is not valid', () => {
  it('counts, with what can be kept, and names the rest', async () => {
    const app = await startTestApp();
    const governed = await GovernedService.of(app, { actions: [connect] });
    const { id } = await governed.running({}, 'connect');
    const progress = { percent: 140, message: { step: 2 }, log: 'one line' };
    expect(
      await governed.agent.request('POST', `/commands/${id}/progress`, { body: progress }).expectOk<object>(),
    ).toMatchObject({ cancelled: false, warnings: [{ path: 'percent' }, { path: 'message' }, { path: 'log' }] });
    expect((await governed.command(id, governed.operator)).progress).toMatchObject({
      percent: 100,
      message: '{"step":2}',
      log: ['one line'],
    });
    const result = {
      success: 'false',
      data: ['a'],
      error: 'no luck',
      startedAt: 'yesterday',
      finishedAt: 1_900_000_000_000,
    };
    expect(
      await governed.agent.request('POST', `/commands/${id}/result`, { body: result }).expectOk<object>(),
    ).toMatchObject({
      success: false,
      data: { value: ['a'] },
      error: { code: 'ACTION_FAILED', message: 'no luck' },
      startedAt: null,
      finishedAt: '2030-03-17T17:46:40.000Z',
      warnings: ['success', 'data', 'error', 'startedAt', 'finishedAt'].map((path) => ({ path })),
    });
  });
});
