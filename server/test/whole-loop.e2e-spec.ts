import type { AgentCommand, AuditEvent, Command, CommandDetail, PreparedAction } from '#contracts';
import { aReportedService } from '#testing';
import { startTestApp } from './support/start-test-app.js';

describe('the whole loop', () => {
  it('goes from sign-in to an audited result', async () => {
    const app = await startTestApp();
    const operator = await app.signIn('operator');
    const agent = await app.enrolAgent();
    await agent.heartbeat({}).expectOk();
    const service = await agent.reportService(aReportedService());
    const action = `/api/admin/capsule-services/${service.id}/actions/echo`;

    const preparing = operator.get(action).expectOk<PreparedAction>();
    let prepare: AgentCommand | undefined;
    while (!prepare) [prepare] = await agent.poll();
    expect(prepare).toMatchObject({ type: 'ACTION_PREPARE', actionName: 'echo', status: 'RUNNING' });
    await agent.complete(prepare.id, { success: true, data: { initialPayload: { text: 'hi' } } }).expectOk();
    const prepared = await preparing;
    expect(prepared.initialPayload).toEqual({ text: 'hi' });

    const request = { payload: { text: 'hello' }, prepareCommandId: prepared.prepareCommand.id };
    const command = await operator.post(action, request).expectOk<Command>();
    expect(command.status).toBe('PENDING');
    const [taken] = await agent.poll();
    expect(taken).toMatchObject({ id: command.id, payload: { text: 'hello' }, status: 'RUNNING' });
    await agent.complete(command.id, { success: true, message: 'done', data: { text: 'hello' } }).expectOk();

    const shown = await operator.get(`/api/admin/commands/${command.id}`).expectOk<CommandDetail>();
    expect(shown).toMatchObject({ status: 'SUCCEEDED', result: { success: true, data: { text: 'hello' } } });

    const exported = await operator.get('/api/admin/audit-events/export?format=json').expectOk<AuditEvent[]>();
    const actions = new Set(exported.map((event) => event.action));
    for (const expected of [
      'system.bootstrap.completed',
      'session.login.succeeded',
      'registration_token.created',
      'registration_token.consumed',
      'agent.registered',
      'agent.heartbeat.received',
      'service.reported',
      'service.action.prepare_requested',
      'service.action.requested',
      'command.created',
      'command.dispatched',
      'command.completed',
      'audit.exported',
    ]) {
      expect(actions).toContain(expected);
    }
  });
});
