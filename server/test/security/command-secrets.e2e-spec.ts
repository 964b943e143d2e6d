import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentCommand, JsonObject } from '#contracts';
import { anAction } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';
import { storedText } from '../support/stored-text.js';

const CANARY = 'canary-7f3a9b2c51d8';
const SEALED = /"sealed_(?:payload|key)":"/;

const rotate = anAction({
  name: 'rotate',
  inputSchema: {
    type: 'object',
    properties: {
      phrase: { type: 'string', format: 'password' },
      nested: { type: 'object', properties: { pin: { writeOnly: true } } },
      list: { type: 'array', items: { $ref: '#/$defs/hidden' } },
      either: { anyOf: [{ type: 'number' }, { type: 'string', format: 'password' }] },
    },
    $defs: { hidden: { type: 'string', format: 'password' } },
  },
});

const SECRETS: JsonObject = {
  phrase: CANARY,
  nested: { pin: CANARY },
  list: [CANARY],
  either: CANARY,
  apiKey: CANARY,
  label: 'plain',
};

const SHOWN: JsonObject = {
  phrase: '[REDACTED]',
  nested: { pin: '[REDACTED]' },
  list: ['[REDACTED]'],
  either: '[REDACTED]',
  apiKey: '[REDACTED]',
  label: 'plain',
};

describe('secrets of a command (ASVS 5.0 V14.2)', () => {
  let app: TestApp;
  let governed: GovernedService;

  beforeEach(async () => {
    app = await startTestApp();
    governed = await GovernedService.of(app, { actions: [rotate] });
  });

  const ask = () => governed.pending(SECRETS, 'rotate');

  it('reach only the agent that claims the command in the clear', async () => {
    const command = await ask();
    expect(command.payload).toEqual(SHOWN);
    expect(await storedText(app)).not.toContain(CANARY);
    const [taken] = await governed.agent.poll();
    expect(taken?.payload).toEqual(SECRETS);
    expect((await governed.command(command.id, governed.operator)).payload).toEqual(SHOWN);
  });

  it('are erased however the command ends', async () => {
    const succeeded = await governed.running(SECRETS, 'rotate');
    const failed = await governed.running(SECRETS, 'rotate');
    const cancelled = await ask();
    const expired = await ask();
    expect(await storedText(app)).toMatch(SEALED);
    await governed.agent.complete(succeeded.id, { success: true }).expectOk();
    await governed.agent.complete(failed.id, { success: false }).expectOk();
    await governed.operator.post(`/api/admin/commands/${cancelled.id}/cancel`).expectOk();
    app.clock.advance(305);
    await app.runMaintenance();
    expect((await governed.command(expired.id, governed.operator)).status).toBe('EXPIRED');
    expect(await storedText(app)).not.toMatch(SEALED);
    await governed.operator.post(`/api/admin/commands/${failed.id}/retry`).expectError(409, 'COMMAND_NOT_RETRYABLE');
  });

  const withKey = async (): Promise<AgentCommand> => {
    const command = await governed.running({}, 'rotate');
    await governed.agent.complete(command.id, { success: true, data: { generatedKey: CANARY } }).expectOk();
    return command;
  };

  it('include a generated key, which is shown once, to the user who requested the command', async () => {
    const command = await withKey();
    const other = await app.signIn('owner');
    expect((await governed.command(command.id, other)).result?.data).toEqual({ generatedKey: '[REDACTED]' });
    const readings = await Promise.all(
      Array.from({ length: 5 }, () => governed.command(command.id, governed.operator)),
    );
    const keys = readings.map(({ result }) => result?.data?.generatedKey);
    expect(keys.sort()).toEqual(['[REDACTED]', '[REDACTED]', '[REDACTED]', '[REDACTED]', CANARY]);
    expect(await storedText(app)).not.toMatch(SEALED);
    expect(await app.auditEvents('command.secret.revealed')).toHaveLength(1);
  });

  it('include a generated key, which is erased after five minutes', async () => {
    const command = await withKey();
    app.clock.advance(301);
    expect((await governed.command(command.id, governed.operator)).result?.data).toEqual({
      generatedKey: '[REDACTED]',
    });
    await app.runMaintenance();
    expect(await storedText(app)).not.toMatch(SEALED);
  });

  it('are not used up by a cross-site request or by HEAD', async () => {
    const { id } = await withKey();
    expect(await governed.operator.request('HEAD', `/api/admin/commands/${id}`)).toMatchObject({ status: 405 });
    const headers = { 'sec-fetch-site': 'cross-site' };
    await governed.operator.get(`/api/admin/commands/${id}`, { headers }).expectError(403, 'CROSS_SITE_REQUEST');
    expect((await governed.command(id, governed.operator)).result?.data).toEqual({ generatedKey: CANARY });
  });

  it('are never stored or listed in the clear: not in the database files, the export or a list', async () => {
    const command = await governed.running(SECRETS, 'rotate');
    const data = { generatedKey: CANARY, password: CANARY, note: `Bearer ${CANARY}` };
    await governed.agent.complete(command.id, { success: true, message: `Bearer ${CANARY}`, data }).expectOk();
    const answers = await Promise.all(
      ['commands', 'audit-events/export?format=json', 'audit-events/export?format=csv', 'dashboard/summary'].map(
        async (path) => (await governed.operator.get(`/api/admin/${path}`)).text,
      ),
    );
    const files = readdirSync(app.folder, { withFileTypes: true }).filter((entry) => entry.isFile());
    const bytes = files.map(({ name }) => readFileSync(join(app.folder, name), 'latin1'));
    for (const text of [...answers, ...bytes, await storedText(app)]) expect(text).not.toContain(CANARY);
  });
});
