import type { SessionInfo } from '#contracts';
import { anAgentDescription, eventually, TestAgent, TestOperator, type ApiCall } from '#testing';
import { parked } from '../support/hang-up.js';
import { startReplicas, type Replicas } from '../support/replicas.js';

const ME = '/api/admin/auth/me';

let replicas: Replicas;
beforeEach(async () => {
  replicas = await startReplicas();
});

describe('a session', () => {
  it('that was opened at one replica is valid at the other, and ends at both', async () => {
    const { a, b } = replicas;
    const atA = await a.signIn('owner');
    const atB = atA.at(b.api);
    expect((await atB.get(ME).expectOk<SessionInfo>()).user).toEqual(atA.session.user);
    await atB.createToken();
    await atA.post('/api/admin/auth/logout').expectOk();
    await atB.get(ME).expectError(401, 'UNAUTHORIZED');
  });

  it('ends at one replica when the password is reset at the other', async () => {
    const { a, b } = replicas;
    const [owner, viewer] = [await a.signIn('owner'), (await a.signIn('viewer')).at(b.api)];
    await viewer.get(ME).expectOk();
    const newPassword = 'given by the owner';
    await owner.post(`/api/admin/users/${viewer.session.user.id}/reset-password`, { newPassword }).expectOk();
    await viewer.get(ME).expectError(401, 'UNAUTHORIZED');
    const { username } = viewer.session.user;
    await (await TestOperator.signIn(b.api, username, newPassword)).at(a.api).get(ME).expectOk();
  });

  it('works when its requests alternate between the replicas', async () => {
    const { both } = replicas;
    const operator = await TestOperator.signIn(both, 'owner', 'correct horse battery');
    for (let i = 0; i < 4; i += 1) await operator.createToken();
    await operator.get('/api/admin/auth/csrf').expectOk();
  });
});

describe('an agent', () => {
  /** An agent that the other replica knows, with a poll parked there. */
  const anAgentElsewhere = async (): Promise<{ readonly agent: TestAgent; readonly poll: ApiCall }> => {
    const agent = (await replicas.a.enrolAgent()).at(replicas.b.api);
    await agent.heartbeat().expectOk();
    const poll = agent.park();
    await parked(replicas.b, 1);
    return { agent, poll };
  };

  it.each([
    ['revoke', 'AGENT_REVOKED'],
    ['disable', 'AGENT_DISABLED'],
  ] as const)('loses access to the other replica at once: %s', async (verb, code) => {
    const { agent, poll } = await anAgentElsewhere();
    const operator = await replicas.a.signIn('operator');
    await operator.post(`/api/admin/agents/${agent.id}/${verb}`).expectOk();
    await poll.expectError(403, code);
    await agent.heartbeat().expectError(403, code);
    await agent.request('GET', '/commands').expectError(403, code);
  });

  it('regains access at a replica that refused it', async () => {
    const { agent, poll } = await anAgentElsewhere();
    const operator = await replicas.a.signIn('operator');
    await operator.post(`/api/admin/agents/${agent.id}/disable`).expectOk();
    await poll.expectError(403, 'AGENT_DISABLED');
    await operator.post(`/api/admin/agents/${agent.id}/enable`).expectOk();
    await eventually('the change has arrived', async () => (await agent.heartbeat()).status === 200);
  });

  it('that replaced its token at one replica ends the old one at both by using the new one at either', async () => {
    const { agent, poll } = await anAgentElsewhere();
    const anew = await agent.at(replicas.a.api).rotateToken();
    await agent.heartbeat().expectOk();
    await anew.heartbeat().expectOk();
    await poll.expectError(401, 'UNAUTHORIZED');
    await agent.heartbeat().expectError(401, 'UNAUTHORIZED');
    await anew.at(replicas.b.api).heartbeat().expectOk();
  });

  it('that registers again at one replica is accepted with only its new token at the other', async () => {
    const { agent, poll } = await anAgentElsewhere();
    const { token } = await (await replicas.a.signIn('operator')).createToken({ agentCode: agent.code });
    const registration = { registrationToken: token, agent: anAgentDescription({ code: agent.code }) };
    const anew = (await TestAgent.register(replicas.a.api, registration)).at(replicas.b.api);
    await poll.expectError(401, 'UNAUTHORIZED');
    await agent.heartbeat().expectError(401, 'UNAUTHORIZED');
    await anew.heartbeat().expectOk();
  });
});
