import type { AgentCommand } from '#contracts';
import { eventually } from '#testing';
import { countRelays, cutRelays } from '../support/cut-relays.js';
import { EventReader } from '../support/event-reader.js';
import { GovernedService } from '../support/governed-service.js';
import { parked } from '../support/hang-up.js';
import { startReplicas } from '../support/replicas.js';

const ROUNDS = 10;

describe('replicas whose change connections are cut', () => {
  it('still deliver every command', async () => {
    const { a, b, place } = await startReplicas();
    const governed = await GovernedService.of(a);
    const agent = governed.agent.at(b.api);
    for (let round = 0; round < ROUNDS; round += 1) {
      const answer = agent.park().expectOk<readonly AgentCommand[]>();
      await parked(b, 1);
      // On a busy machine, those of the round before may not be back.
      await eventually('there is one to cut', async () => (await countRelays(place.database)) > 0);
      // Each round hits another moment: before, during or after the loss of the connection.
      const [command, cut] = await Promise.all([governed.pending(), cutRelays(place.database)]);
      expect(await answer).toMatchObject([{ id: command.id }]);
      expect(cut).toBeGreaterThan(0);
    }
  });

  it('still cut off a revoked agent', async () => {
    const { a, b, place } = await startReplicas();
    const operator = await a.signIn('operator');
    for (let round = 0; round < ROUNDS; round += 1) {
      const agent = (await a.enrolAgent()).at(b.api);
      await agent.heartbeat().expectOk();
      const poll = agent.park();
      await parked(b, 1);
      await Promise.all([operator.post(`/api/admin/agents/${agent.id}/revoke`).expectOk(), cutRelays(place.database)]);
      await poll.expectError(403, 'AGENT_REVOKED');
      await agent.heartbeat().expectError(403, 'AGENT_REVOKED');
    }
  });

  it('make the console reload everything, and continue', async () => {
    const { a, b, place } = await startReplicas();
    const reader = await EventReader.open(a.api, await a.signIn('viewer'));
    await eventually('the stream has begun', () => reader.events.length > 0);
    expect(await cutRelays(place.database)).toBe(2);
    await eventually('the console is told to reload', () => reader.events.some(({ event }) => event === 'reset'));
    const { id } = await (await a.signIn('operator')).at(b.api).createToken();
    await reader.heard({ topic: 'registrationToken', id });
    reader.close();
  });
});
