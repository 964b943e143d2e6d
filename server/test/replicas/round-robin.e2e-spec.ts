import { CapsuleAgent, MemoryTokenStore } from '#agent';
import type { CapsuleService, CapsuleServiceId, Command, CommandDetail, PreparedAction } from '#contracts';
import { ApiClient, eventually, TestOperator } from '#testing';
import { startReplicas } from '../support/replicas.js';
import { OWNER } from '../support/start-test-app.js';

const COMMANDS = 20;

/** A real agent that only knows the load balancer; says what its action was asked to echo. */
const startAgent = async (both: ApiClient, registrationToken: string) => {
  const echoed: unknown[] = [];
  const agent = new CapsuleAgent({
    backendUrl: both.baseUrl,
    registrationToken,
    tokenStore: new MemoryTokenStore(),
    agent: { code: 'balanced' },
    service: { code: 'orders', name: 'Orders' },
    onLog: () => undefined,
  });
  const prepare = () => ({ initialPayload: { text: 'prepared' } });
  agent.action({ name: 'echo', label: 'Echo', prepare }, ({ payload }) => {
    echoed.push(payload.text);
    return { text: payload.text ?? null };
  });
  await agent.start();
  return { agent, echoed };
};

/** The only service there is, once it is reported. */
const findService = async (operator: TestOperator): Promise<CapsuleServiceId> => {
  const found: CapsuleService[] = [];
  await eventually('the service is reported', async () => {
    found.push(...(await operator.get('/api/admin/capsule-services').expectPage<CapsuleService>()).data);
    return found.length > 0;
  });
  return found[0]!.id;
};

describe('an agent and an operator behind a load balancer without sticky sessions', () => {
  it('work as with one server, and go on when one of the replicas stops', async () => {
    const { a, both } = await startReplicas();
    const operator = await TestOperator.signIn(both, OWNER.username, OWNER.password);
    const { agent, echoed } = await startAgent(both, (await operator.createToken()).token);
    const action = `/api/admin/capsule-services/${await findService(operator)}/actions/echo`;

    const prepared = await operator.get(action).expectOk<PreparedAction>();
    expect(prepared.initialPayload).toEqual({ text: 'prepared' });

    const echo = async (text: string): Promise<void> => {
      const { id } = await operator.post(action, { payload: { text } }).expectOk<Command>();
      const shown = () => operator.get(`/api/admin/commands/${id}`).expectOk<CommandDetail>();
      await eventually(`${text} is echoed`, async () => (await shown()).status === 'SUCCEEDED');
      expect((await shown()).result?.data).toEqual({ text });
    };
    const texts = Array.from({ length: COMMANDS }, (_, i) => `text ${i}`);
    await Promise.all(texts.map(echo));
    expect(echoed.toSorted()).toEqual(texts.toSorted());

    await a.stop();
    await echo('after one has stopped');
    await agent.stop();
  });
});
