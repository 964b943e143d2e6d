import type { AgentCommand, CommandDetail } from '#contracts';
import { anAction } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { startReplicas } from '../support/replicas.js';
import { startTestApp } from '../support/start-test-app.js';

const SECRETS = { apiKey: 'of this command alone' };
const FREE = { actions: [anAction({ inputSchema: {} })] };
const KEY = 'a key for one pair of eyes';

describe('sealed secrets (ASVS 5.0 14.2.1)', () => {
  it('survive a restart: the payload for its agent, the one-time key for who asked', async () => {
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

  it('are opened at another server, and shown once by all of them together', async () => {
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
