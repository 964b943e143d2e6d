import fs from 'node:fs';
import type { JsonObject } from '#contracts';
import { AppLogger } from '../../src/common/logging/logging.js';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp } from '../support/start-test-app.js';

const CANARY = 'canary-10aa';
const STDOUT = 1;

type WriteCallback = (error: null, written: number, text: string) => void;

/** What the server writes to its standard output from now on, by whichever call. */
const captureOutput = (): (() => string) => {
  const lines: string[] = [];
  const keep = (fd: number, text: string): number => {
    lines.push(`${fd} ${text}`);
    return Buffer.byteLength(text);
  };
  jest.spyOn(fs, 'writeSync').mockImplementation((fd, text) => keep(fd, String(text)));
  jest.spyOn(fs, 'write').mockImplementation(((fd: number, text: string, _encoding: string, done: WriteCallback) => {
    const written = keep(fd, text);
    setImmediate(done, null, written, text);
  }) as typeof fs.write);
  return () => lines.join('');
};

afterEach(() => {
  jest.restoreAllMocks();
});

describe('the log', () => {
  it('tells of each request, and nothing of tokens, cookies, payloads and results', async () => {
    const output = captureOutput();
    const app = await startTestApp({ config: { logLevel: 'trace' } });
    app.nest.useLogger(app.nest.get(AppLogger));
    const governed = await GovernedService.of(app, { actions: [{ name: 'echo', label: 'Echo' }] });
    const payload: JsonObject = { password: CANARY, note: CANARY };
    const { id } = await governed.running(payload);
    const data = { generatedKey: CANARY, note: CANARY };
    await governed.agent.complete(id, { success: false, message: CANARY, data }).expectOk();
    await governed.operator.get(`/api/admin/commands?q=${CANARY}`).expectError(422, 'VALIDATION_FAILED');
    await governed.agent
      .request('POST', '/commands/x/result', { rawBody: `{"${CANARY}` })
      .expectError(400, 'REQUEST_ERROR');

    require('node:fs').mkdirSync('/tmp/probe',{recursive:true});expect(output().slice(0,500)).toBe('');
    expect(output()).toContain(`/api/agents/${governed.agent.id}/commands/${id}/result`);
    for (const secret of [
      CANARY,
      governed.agent.token,
      governed.operator.cookie,
      governed.operator.session.csrfToken,
    ]) {
      expect(output()).not.toContain(secret);
    }
  });
});
