import { readFileSync } from 'node:fs';
import { anAgentDescription, ApiClient, TestAgent, TestOperator } from '#testing';
import { Nginx } from '../support/edges/nginx.js';
import { OWNER, ServerPair } from '../support/server-pair.js';

/** The load balancer as the documentation has it, with the ports of this test. */
const documented = (servers: ServerPair, port: number): string => {
  const [, block = ''] = /```nginx\n([\s\S]*?)```/.exec(readFileSync('docs/replicas.md', 'utf8')) ?? [];
  expect(block).toContain('max_fails=0');
  return block
    .replace('127.0.0.1:8081', `127.0.0.1:${servers.a.port}`)
    .replace('127.0.0.1:8082', `127.0.0.1:${servers.b.port}`)
    .replace('listen 8080', `listen 127.0.0.1:${port}`);
};

describe('a rolling restart behind the load balancer of the documentation', () => {
  let servers: ServerPair;
  let nginx: Nginx;

  beforeAll(async () => {
    servers = await ServerPair.start();
    nginx = await Nginx.start((port) => documented(servers, port));
  });
  afterAll(async () => {
    await nginx.stop();
    await servers.stop();
  });

  it('loses no request', async () => {
    const api = new ApiClient(nginx.url);
    const operator = await TestOperator.signIn(api, OWNER.username, OWNER.password);
    const { token } = await operator.createToken();
    const agent = await TestAgent.register(api, { registrationToken: token, agent: anAgentDescription() });
    const seen = new Map<number, number>();
    let isOver = false;
    const ask = async (request: () => PromiseLike<{ readonly status: number }>): Promise<void> => {
      while (!isOver) {
        const { status } = await request();
        seen.set(status, (seen.get(status) ?? 0) + 1);
      }
    };
    const load = Promise.all([
      ask(() => operator.get('/api/admin/agents')),
      ask(() => agent.heartbeat()),
      ask(() => agent.park(1)),
    ]);
    for (const server of [servers.a, servers.b]) {
      await server.stop();
      await server.start();
    }
    isOver = true;
    await load;
    expect([...seen.keys()]).toEqual([200]);
    expect(seen.get(200)).toBeGreaterThan(20);
  });
});
