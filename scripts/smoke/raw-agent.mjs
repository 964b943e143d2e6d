import assert from 'node:assert/strict';
import { check } from './checks.mjs';
import { HttpClient, signIn } from './http-client.mjs';

const SERVICE = {
  code: 'smoke-service',
  name: 'Smoke service',
  version: '1.2.3',
  health: { status: 'UP', message: 'Fine.' },
  configs: [{ key: 'database.password', type: 'string', sensitive: true, valuePreview: 'never-stored-value' }],
  actions: [{ name: 'greet', label: 'Greet', inputSchema: { type: 'object', required: ['who'] } }],
};

const signingIn = async (installation) => {
  const { url, password, anybody } = installation;
  await check('a wrong password is refused', () =>
    anybody.refused(401, 'UNAUTHORIZED', 'POST', '/api/admin/auth/login', { username: 'admin', password: 'wrong' }),
  );
  const owner = await check('the owner signs in and gets a CSRF token', () => signIn(url, 'admin', password));
  await check('a change without the CSRF token is refused', () =>
    new HttpClient(url, { cookie: owner.cookie }).refused(
      403,
      'CSRF_INVALID',
      'POST',
      '/api/admin/registration-tokens',
      {},
    ),
  );
  return owner;
};

const registering = async ({ anybody, url, secrets }, owner) => {
  const token = await check('a registration token is made', () =>
    owner.post('/api/admin/registration-tokens', { name: 'smoke' }),
  );
  assert.match(token.token, /^opstage_reg_/);
  const registration = { registrationToken: token.token, agent: { code: 'smoke-agent', name: 'Smoke agent' } };
  const { agentId, agentToken } = await check('an agent registers with it', () =>
    anybody.post('/api/agents/register', registration),
  );
  await check('nobody registers with it again', () =>
    anybody.refused(409, 'REGISTRATION_TOKEN_USED', 'POST', '/api/agents/register', registration),
  );
  secrets.add(token.token).add(agentToken);
  return { id: agentId, http: new HttpClient(url, { authorization: `Bearer ${agentToken}` }) };
};

const reporting = async (owner, agent) => {
  const path = `/api/agents/${agent.id}`;
  await check('the agent sends a heartbeat', () => agent.http.post(`${path}/heartbeat`, {}));
  await check('a session is worth nothing there, and the agent token nothing in the admin API', async () => {
    await owner.refused(401, 'UNAUTHORIZED', 'POST', `${path}/heartbeat`, {});
    await agent.http.refused(401, 'UNAUTHORIZED', 'GET', '/api/admin/agents');
  });
  const { services } = await check('the agent reports its service', () =>
    agent.http.post(`${path}/services/report`, { services: [SERVICE] }),
  );
  await check('the operator sees it healthy, and no value of its sensitive configuration', async () => {
    const service = await owner.get(`/api/admin/capsule-services/${services[0].id}`);
    assert.equal(service.status, 'HEALTHY');
    assert.ok(!JSON.stringify(service).includes('never-stored-value'));
  });
  return services[0].id;
};

const running = async (owner, agent, serviceId) => {
  const path = `/api/agents/${agent.id}/commands`;
  const action = `/api/admin/capsule-services/${serviceId}/actions/greet`;
  await check('a payload that does not fit the input schema is refused', () =>
    owner.refused(422, 'ACTION_PAYLOAD_INVALID', 'POST', action, { payload: {} }),
  );
  const command = await check('the operator runs an action', () => owner.post(action, { payload: { who: 'you' } }));
  await check('the agent gets the command, once', async () => {
    const [taken, ...others] = await agent.http.get(path);
    assert.deepEqual([taken.id, taken.status, taken.payload], [command.id, 'RUNNING', { who: 'you' }]);
    assert.deepEqual([...others, ...(await agent.http.get(path))], []);
  });
  const result = { success: true, message: 'Hello, you.', data: { greeted: 'you' } };
  await check('the agent reports the result, and may repeat itself but not say otherwise', async () => {
    const first = await agent.http.post(`${path}/${command.id}/result`, result);
    const second = await agent.http.post(`${path}/${command.id}/result`, result);
    assert.equal(second.id, first.id);
    const other = { ...result, message: 'Or not.' };
    await agent.http.refused(409, 'COMMAND_ALREADY_COMPLETED', 'POST', `${path}/${command.id}/result`, other);
  });
  await check('the operator sees it SUCCEEDED with its result', async () => {
    const done = await owner.get(`/api/admin/commands/${command.id}`);
    assert.deepEqual([done.status, done.result.message, done.result.data], ['SUCCEEDED', 'Hello, you.', result.data]);
  });
  return command.id;
};

/** The complete path with an agent that is nothing but HTTP; answers with the signed-in owner and the command's id. */
export const rawAgentLoop = async (installation) => {
  const owner = await signingIn(installation);
  const agent = await registering(installation, owner);
  const serviceId = await reporting(owner, agent);
  const commandId = await running(owner, agent, serviceId);
  return { owner, commandId };
};
