import { anAction } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';
import { storedText } from '../support/stored-text.js';

const CANARY = 'canary-7f3a';
const TOKEN_SHAPE = `opstage_agent_${CANARY}${'z'.repeat(30)}`;
const PEM = `-----BEGIN PRIVATE KEY-----\n${CANARY}\n-----END PRIVATE KEY-----`;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});

afterEach(async () => {
  expect(await storedText(app)).not.toContain(CANARY);
});

describe('A report', () => {
  it('is stored without values whose key names a secret, but with those whose key only resembles one', async () => {
    const governed = await GovernedService.of(app, {
      code: 'by-key',
      manifest: {
        kind: 'CapsuleService',
        schemaVersion: '1.0',
        code: 'by-key',
        name: 'By key',
        auth: { clientSecret: CANARY, tokenCount: 3 },
        list: [{ apiKey: CANARY, author: 'me' }],
      },
      health: { status: 'UP', details: { db: { password: CANARY, passwordAgeDays: 3 } } },
      configs: [{ key: 'auth', type: 'object', valuePreview: { cookie: CANARY, ttl: 60 } }],
    });
    const shown = await governed.shown();
    expect(shown.manifest).toMatchObject({
      auth: { clientSecret: '[REDACTED]', tokenCount: 3 },
      list: [{ apiKey: '[REDACTED]', author: 'me' }],
    });
    expect(shown.health!.details).toEqual({ db: { password: '[REDACTED]', passwordAgeDays: 3 } });
    expect(shown.configs).toMatchObject([{ valuePreview: { cookie: '[REDACTED]', ttl: 60 } }]);
  });

  it('is stored without texts that look like secrets, in any field', async () => {
    const governed = await GovernedService.of(app, {
      name: `Started with ${TOKEN_SHAPE}`,
      description: `Authorization: Bearer ${CANARY}.${'y'.repeat(20)}.1`,
      version: TOKEN_SHAPE,
      health: { status: 'DOWN', message: `rejected ${TOKEN_SHAPE}`, details: { seen: [PEM] } },
      configs: [
        { key: 'url', type: 'string', label: TOKEN_SHAPE, source: TOKEN_SHAPE, valuePreview: `x ${TOKEN_SHAPE} y` },
        { key: 'ref', type: 'string', secretRef: `vault:${TOKEN_SHAPE}`, defaultValue: PEM },
      ],
      actions: [anAction({ label: TOKEN_SHAPE, description: PEM, category: TOKEN_SHAPE })],
    });
    const shown = await governed.shown();
    expect(shown).toMatchObject({
      name: 'Started with [REDACTED]',
      description: 'Authorization: [REDACTED]',
      version: '[REDACTED]',
      healthMessage: 'rejected [REDACTED]',
    });
    expect(shown.health!.details).toEqual({ seen: ['[REDACTED]'] });
    expect(shown.configs).toMatchObject([
      { defaultValue: '[REDACTED]', secretRef: 'vault:[REDACTED]' },
      { label: '[REDACTED]', source: '[REDACTED]', valuePreview: 'x [REDACTED] y' },
    ]);
    expect(shown.actions).toMatchObject([{ label: '[REDACTED]', description: '[REDACTED]', category: '[REDACTED]' }]);
  });

  it('is stored without values of sensitive configs, whether the service or only the key marks them', async () => {
    const governed = await GovernedService.of(app, {
      configs: [
        { key: 'pin', type: 'string', sensitive: true, valuePreview: CANARY, defaultValue: CANARY },
        { key: 'smtp.password', type: 'string', sensitive: false, valuePreview: CANARY, defaultValue: [CANARY] },
        { key: 'token', type: 'string', secretRef: 'vault:app/token' },
        { key: 'webhookSecret', type: 'string' },
      ],
    });
    const hidden = { sensitive: true, valuePreview: null, defaultValue: null };
    expect((await governed.shown()).configs).toMatchObject([
      { key: 'pin', ...hidden, configured: true, secretRef: null },
      { key: 'smtp.password', ...hidden, configured: true },
      { key: 'token', ...hidden, configured: true, secretRef: 'vault:app/token' },
      { key: 'webhookSecret', ...hidden, configured: false },
    ]);
  });

  it('keeps the schema of a secret, without its default', async () => {
    const inputSchema = {
      type: 'object',
      properties: { password: { type: 'string', format: 'password', default: CANARY }, size: { default: 3 } },
    };
    const governed = await GovernedService.of(app, { actions: [anAction({ inputSchema })] });
    expect((await governed.shown()).actions[0]!.inputSchema).toEqual({
      type: 'object',
      properties: {
        password: { type: 'string', format: 'password', default: '[REDACTED]' },
        size: { default: 3 },
      },
    });
  });

  it('is stored without secrets when a heartbeat brings new health', async () => {
    const governed = await GovernedService.of(app);
    const health = { status: 'DOWN', message: TOKEN_SHAPE, details: { secret: CANARY, at: [PEM] } } as const;
    await governed.agent.heartbeat({ health }).expectOk();
    const shown = await governed.shown();
    expect(shown.health).toMatchObject({
      message: '[REDACTED]',
      details: { secret: '[REDACTED]', at: ['[REDACTED]'] },
    });
    expect((await governed.events('service.health.changed'))[0]!.metadata.message).toBe('[REDACTED]');
  });
});
