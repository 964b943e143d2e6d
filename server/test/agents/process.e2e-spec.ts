import type { AgentDetail, AgentProcess } from '#contracts';
import type { TestAgent } from '#testing';
import { AgentsRepository } from '../../src/modules/agents/agents.repository.js';
import { sharedTestApp, type TestApp } from '../support/start-test-app.js';

let app: TestApp;
let agent: TestAgent;
beforeEach(async () => {
  app = await sharedTestApp();
  agent = await app.enrolAgent({ name: 'Before', version: '1.0.0', hostname: 'old-host' });
});

const shown = async (): Promise<AgentDetail> =>
  (await app.signIn('viewer')).get(`/api/admin/agents/${agent.id}`).expectOk<AgentDetail>();

const NOW: AgentProcess = {
  name: 'After',
  version: '1.1.0',
  runtime: 'nodejs',
  hostname: 'new-host',
  os: 'linux',
  arch: 'arm64',
};

describe('a heartbeat that describes the process', () => {
  it('is stored and audited with what changed, once', async () => {
    for (let i = 0; i < 2; i += 1) await agent.heartbeat({ agent: NOW }).expectOk();
    expect(await shown()).toMatchObject(NOW);
    expect(await app.auditEventsAbout(agent.id, 'agent.process.changed')).toMatchObject([
      {
        actorId: agent.id,
        message: `Agent ${agent.code} changed its name, version, hostname, os, arch.`,
        metadata: {
          changes: {
            name: { from: 'Before', to: 'After' },
            version: { from: '1.0.0', to: '1.1.0' },
            hostname: { from: 'old-host', to: 'new-host' },
            os: { from: null, to: 'linux' },
            arch: { from: null, to: 'arm64' },
          },
        },
      },
    ]);
  });

  it('leaves alone what it does not state, and ignores what it cannot change', async () => {
    await agent
      .heartbeat({ agent: { version: '2.0.0', code: 'another', mode: 'external' } as AgentProcess })
      .expectOk();
    const { code, mode, name, version } = await shown();
    expect({ code, mode, name, version }).toEqual({
      code: agent.code,
      mode: 'embedded',
      name: 'Before',
      version: '2.0.0',
    });
  });

  it('costs nothing when it is left out', async () => {
    const reads = jest.spyOn(app.nest.get(AgentsRepository), 'findById');
    await agent.heartbeat().expectOk();
    expect(reads).not.toHaveBeenCalled();
    reads.mockRestore();
  });

  it('is refused when a text is too long', async () => {
    await agent.heartbeat({ agent: { version: 'x'.repeat(81) } }).expectError(422, 'VALIDATION_FAILED');
  });
});
