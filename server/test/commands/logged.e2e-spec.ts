import type { JsonObject } from '#contracts';
import { AppLogger } from '../../src/http/logging.js';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp } from '../support/start-test-app.js';

const CANARY = 'canary-10aa';

/** Collects the standard output from now on. */
const captureOutput = (): (() => string) => {
  const written: string[] = [];
  // The logger notices the replacement, and uses it instead of the file descriptor.
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  return () => written.join('');
};

afterEach(() => {
  jest.restoreAllMocks();
});

describe('the log', () => {
  it('mentions each request, but no tokens, cookies, queries, payloads and results', async () => {
    const output = captureOutput();
    const app = await startTestApp({ config: { logLevel: 'trace' } });
    app.nest.useLogger(app.nest.get(AppLogger));
    const governed = await GovernedService.of(app, { actions: [{ name: 'echo', label: 'Echo' }] });
    const payload: JsonObject = { password: CANARY, note: CANARY };
    const { id } = await governed.running(payload);
    const data = { generatedKey: CANARY, note: CANARY };
    await governed.agent.complete(id, { success: false, message: CANARY, data }).expectOk();
    await governed.operator
      .get(`/api/admin/commands?q=${CANARY}&search=${CANARY}`)
      .expectError(422, 'VALIDATION_FAILED');
    const broken = governed.agent.request('POST', `/commands/${id}/result`, { rawBody: `{"${CANARY}` });
    await broken.expectError(400, 'REQUEST_ERROR');

    expect(output()).toContain(`/api/agents/${governed.agent.id}/commands/${id}/result`);
    const { cookie, session } = governed.operator;
    for (const secret of [CANARY, governed.agent.token, cookie, session.csrfToken]) {
      expect(output()).not.toContain(secret);
    }
  });
});
