import type { AgentCommand, AuditEvent, Command, CommandId, SessionInfo } from '#contracts';
import { anAgentDescription, aReportedService, eventually, TestAgent, TestOperator } from '#testing';
import { OWNER, ServerPair } from '../support/server-pair.js';

const COMMANDS = 200;

let servers: ServerPair;
beforeEach(async () => {
  servers = await ServerPair.start();
});
afterEach(async () => {
  await servers.stop();
});

/** An owner and an agent with a service, both connected through the load balancer. */
const aGovernedService = async () => {
  const operator = await TestOperator.signIn(servers.both, OWNER.username, OWNER.password);
  const { token } = await operator.createToken();
  const agent = await TestAgent.register(servers.both, { registrationToken: token, agent: anAgentDescription() });
  const service = await agent.reportService(aReportedService());
  const action = `/api/admin/capsule-services/${service.id}/actions/echo`;
  return { operator, agent, action };
};

/** Claims and answers commands until `isOver`, even while servers fail; returns those it claimed and answered. */
const serve = (agent: TestAgent, isOver: () => boolean) => {
  const [taken, answered] = [new Set<CommandId>(), new Set<CommandId>()];
  const answer = async (id: CommandId): Promise<void> => {
    taken.add(id);
    // An answer may be sent again when the agent does not know whether it arrived.
    while (!answered.has(id)) {
      const isHeard = await agent.complete(id, { success: true }).then(
        ({ status }) => status === 200,
        () => false,
      );
      if (isHeard) answered.add(id);
    }
  };
  const run = async (): Promise<void> => {
    while (!isOver()) {
      const commands = await agent
        .park(1)
        .expectOk<readonly AgentCommand[]>()
        .catch(() => []);
      await Promise.all(commands.map(({ id }) => answer(id)));
    }
  };
  return { taken, answered, ended: run() };
};

describe('two server processes on one PostgreSQL', () => {
  it('start at the same time on an empty database, with one owner whose session is valid at both', async () => {
    const { a, b } = servers;
    const owner = await TestOperator.signIn(a.api, OWNER.username, OWNER.password);
    const atB = owner.at(b.api);
    expect((await atB.get('/api/admin/auth/me').expectOk<SessionInfo>()).user.username).toBe('owner');
    const bootstraps = '/api/admin/audit-events?action=system.bootstrap.completed';
    expect((await atB.get(bootstraps).expectPage<AuditEvent>()).data).toHaveLength(1);
    await owner.post('/api/admin/auth/logout').expectOk();
    await atB.get('/api/admin/auth/me').expectError(401, 'UNAUTHORIZED');
  });

  it('give a command created at one to the poll parked at the other', async () => {
    const { operator, agent, action } = await aGovernedService();
    const { a, b } = servers;
    const took: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      const polled = agent.at(b.api).park(30).expectOk<readonly AgentCommand[]>();
      const start = performance.now();
      const { id } = await operator
        .at(a.api)
        .post(action, { payload: { text: 'hi' } })
        .expectOk<Command>();
      expect(await polled).toMatchObject([{ id }]);
      took.push(performance.now() - start);
    }
    expect(Math.min(...took)).toBeLessThan(250);
  });

  it('lose nothing they have acknowledged when one of them is killed', async () => {
    const { operator, agent, action } = await aGovernedService();
    let isOver = false;
    const { taken, answered, ended } = serve(agent, () => isOver);
    const acknowledged = new Set<CommandId>();
    const create = async (): Promise<void> => {
      const answer = await operator.post(action, { payload: { text: 'hi' } }).then(
        (one) => one,
        () => null,
      );
      if (answer?.status === 200) acknowledged.add(answer.data<Command>().id);
    };
    let killed: Promise<void> | null = null;
    for (let i = 0; i < COMMANDS; i += 4) {
      await Promise.all([create(), create(), create(), create()]);
      if (acknowledged.size >= COMMANDS / 4) killed ??= servers.a.program.kill();
    }
    await killed;
    expect(acknowledged.size).toBeGreaterThan(COMMANDS / 2);

    const shown = async (id: CommandId): Promise<Command> =>
      operator.at(servers.b.api).get(`/api/admin/commands/${id}`).expectOk<Command>();
    const left = new Set(acknowledged);
    await eventually('every command is done, or its claim died with the server', async () => {
      for (const id of left) {
        const { status } = await shown(id);
        if (status === 'SUCCEEDED' || (status === 'RUNNING' && !taken.has(id))) left.delete(id);
      }
      return left.size === 0;
    });
    isOver = true;
    await ended;
    for (const id of answered) expect((await shown(id)).status).toBe('SUCCEEDED');
    const lostClaims = [...acknowledged].filter((id) => !answered.has(id));
    // At most one poll was being answered when its server died.
    expect(lostClaims.length).toBeLessThanOrEqual(10);
  });
});
