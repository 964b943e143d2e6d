import type { CommandId, JsonObject } from '#contracts';
import { anAction } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp } from '../support/start-test-app.js';
import { storedText } from '../support/stored-text.js';

const inputSchema: JsonObject = {
  type: 'object',
  properties: { user: { type: 'string' }, pin: { type: 'string', format: 'password' } },
};
const PAYLOAD: JsonObject = { user: 'ada', pin: 'not to be read at rest' };

const isSealed = async ({ app }: GovernedService, id: CommandId): Promise<boolean> => {
  const tables = JSON.parse(await storedText(app)) as readonly { id?: string; sealed_payload?: string | null }[][];
  return typeof tables.flat().find((row) => row.id === id)?.sealed_payload === 'string';
};

describe('the secrets of a payload at rest', () => {
  it('are sealed where there are any, and only there', async () => {
    const governed = await GovernedService.of(await startTestApp(), { actions: [anAction({ inputSchema })] });
    const secret = await governed.pending(PAYLOAD);
    expect(await isSealed(governed, secret.id)).toBe(true);
    const plain = await governed.pending({ user: 'ada', tokenCount: 3, pin: '' });
    expect(plain.payload).toEqual({ user: 'ada', tokenCount: 3, pin: '' });
    expect(await isSealed(governed, plain.id)).toBe(false);
  });

  it('still reach the agent after the session secret was rotated, and expire undelivered once it is gone', async () => {
    const [old, next] = ['old'.repeat(12), 'next'.repeat(12)];
    const before = await startTestApp({ config: { sessionSecrets: [old] } });
    const own = await GovernedService.of(before, { actions: [anAction({ inputSchema })] });
    await own.pending(PAYLOAD);
    const lost = await own.pending(PAYLOAD);
    const rotated = await startTestApp({ beside: before, config: { sessionSecrets: [next, old] } });
    const headers = { authorization: `Bearer ${own.agent.token}` };
    const poll = `/api/agents/${own.agent.id}/commands?limit=1`;
    const [first] = await rotated.api.get(poll, { headers }).expectOk<{ payload: JsonObject }[]>();
    expect(first!.payload).toEqual(PAYLOAD);
    const gone = await startTestApp({ beside: before, config: { sessionSecrets: [next] } });
    expect(await gone.api.get(poll, { headers }).expectOk()).toEqual([]);
    before.clock.advance(301);
    await (await before.signIn('owner')).post('/api/admin/maintenance/run').expectOk();
    expect(await own.command(lost.id)).toMatchObject({ status: 'EXPIRED', errorCode: 'COMMAND_NOT_DELIVERED' });
  });
});
