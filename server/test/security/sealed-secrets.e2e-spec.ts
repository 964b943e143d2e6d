import type { AgentCommand, CommandDetail, CommandId, JsonObject } from '#contracts';
import { anAction } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { startReplicas } from '../support/replicas.js';
import { startTestApp } from '../support/start-test-app.js';
import { storedRows } from '../support/stored-rows.js';

const SECRETS = { apiKey: 'of this command alone' };
const FREE = { actions: [anAction({ inputSchema: {} })] };
const KEY = 'a key for one pair of eyes';

describe('sealed secrets (ASVS 5.0 14.2.1)', () => {
  it('survive a restart: the payload for its agent, the one-time key for the user who requested it', async () => {
    const first = await startTestApp();
    const governed = await GovernedService.of(first, FREE);
    const answered = await governed.running(SECRETS);
    await governed.agent.complete(answered.id, { success: true, data: { generatedKey: KEY } }).expectOk();
    const waiting = await governed.pending(SECRETS);
    await first.stop();
    const { api } = await startTestApp({ beside: first });
    const [taken] = await governed.agent.at(api).poll();
    expect(taken).toMatchObject({ id: waiting.id, payload: SECRETS });
    const shown = await governed.operator.at(api).get(`/api/admin/commands/${answered.id}`).expectOk<CommandDetail>();
    expect(shown.result?.data?.generatedKey).toBe(KEY);
  });

  it('can be opened by another server, and are shown once across all servers', async () => {
    const { a, b } = await startReplicas();
    const governed = await GovernedService.of(a, FREE);
    const { id } = await governed.pending(SECRETS);
    const agent = governed.agent.at(b.api);
    const taken: AgentCommand[] = [...(await agent.poll())];
    expect(taken).toMatchObject([{ id, payload: SECRETS }]);
    await agent.complete(id, { success: true, data: { generatedKey: KEY } }).expectOk();
    const readings = await Promise.all(
      [a, b, a, b].map(({ api }) =>
        governed.operator.at(api).get(`/api/admin/commands/${id}`).expectOk<CommandDetail>(),
      ),
    );
    const keys = readings.map(({ result }) => result?.data?.generatedKey);
    expect(keys.sort()).toEqual(['[REDACTED]', '[REDACTED]', '[REDACTED]', KEY]);
  });
});

const inputSchema: JsonObject = {
  type: 'object',
  properties: { user: { type: 'string' }, pin: { type: 'string', format: 'password' } },
};
const PAYLOAD: JsonObject = { user: 'ada', pin: 'not to be read at rest' };

const isSealed = async ({ app }: GovernedService, id: CommandId): Promise<boolean> => {
  const { commands = [] } = await storedRows(app);
  const rows = commands.map((row) => JSON.parse(row) as { id: string; sealed_payload: string | null });
  return typeof rows.find((row) => row.id === id)?.sealed_payload === 'string';
};

describe('the stored secrets of a payload', () => {
  it('are sealed, while payloads without secrets are not', async () => {
    const governed = await GovernedService.of(await startTestApp(), { actions: [anAction({ inputSchema })] });
    const secret = await governed.pending(PAYLOAD);
    expect(await isSealed(governed, secret.id)).toBe(true);
    const plain = await governed.pending({ user: 'ada', tokenCount: 3, pin: '' });
    expect(plain.payload).toEqual({ user: 'ada', tokenCount: 3, pin: '' });
    expect(await isSealed(governed, plain.id)).toBe(false);
  });

  it('reach the agent after the session secret was rotated, and expire undelivered once it is removed', async () => {
    const [old, next] = ['old'.repeat(12), 'next'.repeat(12)];
    const before = await startTestApp({ config: { sessionSecrets: [old] } });
    const own = await GovernedService.of(before, { actions: [anAction({ inputSchema })] });
    await own.pending(PAYLOAD);
    const lost = await own.pending(PAYLOAD);
    await before.stop();
    const rotated = await startTestApp({ beside: before, config: { sessionSecrets: [next, old] } });
    const headers = { authorization: `Bearer ${own.agent.token}` };
    const poll = `/api/agents/${own.agent.id}/commands?limit=1`;
    const [first] = await rotated.api.get(poll, { headers }).expectOk<{ payload: JsonObject }[]>();
    expect(first!.payload).toEqual(PAYLOAD);
    await rotated.stop();
    const gone = await startTestApp({ beside: before, config: { sessionSecrets: [next] } });
    expect(await gone.api.get(poll, { headers }).expectOk()).toEqual([]);
    gone.clock.advance(301);
    const owner = await gone.signIn('owner');
    await owner.post('/api/admin/maintenance/run').expectOk();
    expect(await own.command(lost.id, owner)).toMatchObject({ status: 'EXPIRED', errorCode: 'COMMAND_NOT_DELIVERED' });
  });
});
