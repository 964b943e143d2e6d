import assert from 'node:assert/strict';
import type { CapsuleService, Command, CommandDetail } from '#contracts';
import { eventually, type TestOperator } from '#testing';

const LIVE: readonly string[] = ['HEALTHY', 'UNHEALTHY'];

/** The demo's service, once it is live. */
const findLive = (operator: TestOperator): Promise<CapsuleService> =>
  eventually('the demo service is live', async () => {
    const { data } = await operator.get('/api/admin/capsule-services').expectPage<CapsuleService>();
    return data.find(({ code, status }) => code === 'demo-service' && LIVE.includes(status));
  });

/** Runs the action "echo" of the demo, as soon as the server accepts a command for it, and checks the result. */
export const echo = async (operator: TestOperator): Promise<void> => {
  const { id } = await findLive(operator);
  const { id: commandId } = await eventually('the server accepts a command for the demo', async () => {
    const request = { payload: { text: 'Smoke' } };
    const answer = await operator.post(`/api/admin/capsule-services/${id}/actions/echo`, request);
    return answer.status === 200 ? answer.data<Command>() : null;
  });
  const { status, result } = await eventually('the command ends', async () => {
    const command = await operator.get(`/api/admin/commands/${commandId}`).expectOk<CommandDetail>();
    return command.completedAt === null ? null : command;
  });
  assert.equal(status, 'SUCCEEDED');
  assert.deepEqual((result?.data as { text?: unknown } | null)?.text, 'Smoke');
};
