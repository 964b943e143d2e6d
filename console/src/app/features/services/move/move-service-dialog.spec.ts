import { TestBed } from '@angular/core/testing';
import type { AgentId } from '#contracts';
import { settled } from '../../../../testing/backend';
import { anAgent, aService, aServiceDetail } from '../../../../testing/builders';
import { overlay, signInAs, startConsole } from '../../../../testing/console';
import { dialogClosed } from '../../../../testing/visit';
import { MoveService } from './move-service-dialog';

const AGENTS = '/api/admin/agents';
const MOVE = '/api/admin/capsule-services/svc_1/move';
const OTHER = anAgent({ id: 'agt_2', code: 'till-2', name: 'Till 2' });

const open = async () => {
  const backend = startConsole();
  await signInAs('operator', backend);
  TestBed.inject(MoveService).open(aService());
  await settled();
  return { backend, dialog: overlay() };
};

describe('MoveServiceDialog', () => {
  it('offers the agents that are online, but for its own, and says what a move does', async () => {
    const { backend, dialog } = await open();
    const { request } = await backend.answerPage(AGENTS, [anAgent(), OTHER]);
    expect(request.urlWithParams).toContain('status=ONLINE');
    expect(dialog.texts('label:has(input[type=radio])')).toEqual(['Till 2 till-2']);
    expect(dialog.text).toContain('Commands that wait are cancelled');
  });

  it('moves the service to the chosen one, says so and is gone', async () => {
    const { backend, dialog } = await open();
    await backend.answerPage(AGENTS, [anAgent(), OTHER]);
    expect(dialog.named('Move').hasAttribute('disabled')).toBe(true);
    dialog.one('input[type=radio]').click();
    await settled();
    await dialog.click('Move');
    const agentId: AgentId = 'agt_2';
    const { request } = await backend.answer(MOVE, aServiceDetail({ agentId }), 'POST');
    expect(request.body).toEqual({ agentId });
    expect(overlay().text).toContain('moved to Till 2');
    await dialogClosed();
  });

  it('stays, and says why, when the server refuses', async () => {
    const { backend, dialog } = await open();
    await backend.answerPage(AGENTS, [OTHER]);
    dialog.one('input[type=radio]').click();
    await settled();
    await dialog.click('Move');
    await backend.refuse(MOVE, 'AGENT_OFFLINE', { method: 'POST', message: 'Agent till-2 is offline.' });
    expect(dialog.one('[role=alert]').textContent).toContain('Agent till-2 is offline.');
  });

  it('looks for agents by name, and says when there is none', async () => {
    const { backend, dialog } = await open();
    await backend.answerPage(AGENTS, [anAgent()]);
    expect(dialog.text).toContain('No other agent is online');
    await dialog.fill('Search agents that are online', 'till');
    const { request } = await backend.answerPage(AGENTS, [OTHER]);
    expect(request.urlWithParams).toContain('q=till');
    expect(dialog.texts('label:has(input[type=radio])')).toEqual(['Till 2 till-2']);
  });
});
