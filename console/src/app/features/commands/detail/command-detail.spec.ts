import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { REDACTED, type CommandDetail, type CommandResult, type JsonObject, type Role } from '#contracts';
import { settled } from '../../../../testing/backend';
import { aCommand, anAction, NOW } from '../../../../testing/builders';
import { overlay } from '../../../../testing/console';
import { address, dialogClosed, refreshed, visit } from '../../../../testing/visit';
import { commandsRoutes } from '../commands.routes';

const COMMAND = '/api/admin/commands/cmd_1';
const ACTIONS = '/api/admin/capsule-services/svc_1/actions';
const secret = 'sk-shown-once';

const aResult = (overrides: Partial<CommandResult> = {}): CommandResult => ({
  id: 'crs_1',
  commandId: 'cmd_1',
  success: true,
  message: null,
  data: null,
  error: null,
  startedAt: NOW,
  finishedAt: NOW,
  reportedAt: NOW,
  late: false,
  ...overrides,
});

const aDetail = (overrides: Partial<CommandDetail> = {}): CommandDetail => ({
  ...aCommand(),
  result: null,
  progress: null,
  ...overrides,
});

const succeeded = (data: JsonObject | null = null): CommandDetail =>
  aDetail({ status: 'SUCCEEDED', startedAt: NOW, completedAt: NOW, durationMs: 320, result: aResult({ data }) });

const open = (role: Role = 'operator') =>
  visit('/commands/cmd_1', [{ path: 'commands', children: commandsRoutes }], role);

const openWith = async (command: CommandDetail, role?: Role) => {
  const visited = await open(role);
  await visited.backend.answer(COMMAND, command);
  return visited;
};

const agree = async (act: string): Promise<void> => {
  await overlay().click(act, '[role=dialog] button');
  await dialogClosed();
};

describe('CommandDetail', () => {
  it('is a skeleton until the command is there, and says what failed', async () => {
    const { backend, screen } = await open();
    expect(screen.all('ops-skeleton')).toHaveLength(1);
    await backend.refuse(COMMAND, 'COMMAND_NOT_FOUND', { message: 'There is no such command.' });
    expect(screen.one('[role=alert]').textContent).toContain('There is no such command.');
    expect(screen.one('[role=alert]').textContent).toContain('req-1');
    await screen.click('Try again');
    await backend.answer(COMMAND, aDetail());
    expect(screen.one('[data-status]').dataset.status).toBe('PENDING');
  });

  it('is followed until it ends, and then no more', async () => {
    const { backend, screen } = await openWith(aDetail());
    expect(screen.one('.outcome').textContent).toContain('It waits for the agent to take it.');
    await refreshed();
    await backend.answer(COMMAND, aDetail({ status: 'RUNNING', startedAt: NOW }));
    expect(screen.one('.outcome').textContent).toContain('The agent is working on it.');
    await refreshed();
    await backend.answer(COMMAND, succeeded());
    expect(screen.one('[data-status]').dataset.status).toBe('SUCCEEDED');
    expect(screen.text).toContain('320 ms');
    await refreshed();
    backend.expectNoMore();
  });

  it('says so while it cannot be followed', async () => {
    const { backend, screen } = await openWith(aDetail());
    await refreshed();
    await backend.cut(COMMAND);
    expect(screen.one('ops-stale-note').textContent).toContain('The server does not answer.');
    expect(screen.one('[data-status]').dataset.status).toBe('PENDING');
  });

  it.each([
    [{ status: 'FAILED', errorCode: 'NO_PAPER', errorMessage: 'No paper.' }, 'No paper.NO_PAPER'],
    [{ status: 'FAILED', errorCode: 'constructor', errorMessage: '{{why}}' }, '{{why}}constructor'],
    [{ status: 'EXPIRED', errorCode: 'COMMAND_NOT_DELIVERED' }, 'It certainly did not run.'],
    [{ status: 'EXPIRED', errorCode: 'COMMAND_OUTCOME_UNKNOWN' }, 'It may have run; check before you run it again.'],
    [{ status: 'CANCELLED' }, 'It did not run.'],
    [{ status: 'CANCELLED', startedAt: NOW }, 'What it had done by then stays done.'],
  ] as const)('says how it ended with %j', async (command, sentence) => {
    const { screen } = await openWith(aDetail({ completedAt: NOW, ...command }));
    expect(screen.texts('.outcome')[0]).toContain(sentence);
  });

  it('says that a result came too late', async () => {
    const result = aResult({ late: true, message: 'Done after all.' });
    const { screen } = await openWith(aDetail({ status: 'EXPIRED', completedAt: NOW, result }));
    expect(screen.text).toContain('This result came after the command had expired or was cancelled.');
    expect(screen.text).toContain('Done after all.');
  });

  it('cancels it once that is agreed to, says so and reads again', async () => {
    const { backend, screen } = await openWith(aDetail({ status: 'RUNNING', startedAt: NOW }));
    await screen.click('Cancel the command');
    expect(overlay().one('[role=dialog]').textContent).toContain('What it has done by then stays done.');
    backend.expectNoMore();
    await agree('Cancel the command');
    await backend.answer(`${COMMAND}/cancel`, aDetail({ status: 'CANCELLED' }), 'POST');
    expect(overlay().text).toContain('is cancelled');
    await backend.answer(COMMAND, aDetail({ status: 'CANCELLED', completedAt: NOW }));
    expect(screen.names('button')).not.toContain('Cancel the command');
  });

  it('says why it could not be cancelled, and reads again what is true', async () => {
    const { backend, screen } = await openWith(aDetail());
    await screen.click('Cancel the command');
    await agree('Cancel the command');
    const refusal = { method: 'POST', message: 'It has ended.' };
    await backend.refuse(`${COMMAND}/cancel`, 'COMMAND_ALREADY_COMPLETED', refusal);
    expect(overlay().text).toContain('It has ended. (req-1)');
    await backend.answer(COMMAND, succeeded());
    expect(screen.one('[data-status]').dataset.status).toBe('SUCCEEDED');
  });

  const failed = aDetail({ status: 'FAILED', startedAt: NOW, completedAt: NOW });

  it('runs a harmless one again at once, and leads to the new command', async () => {
    const { backend, screen } = await openWith(failed);
    await screen.click('Retry');
    await backend.answer(ACTIONS, [anAction()]);
    await backend.answer(`${COMMAND}/retry`, aCommand({ id: 'cmd_2' }), 'POST');
    expect(address()).toBe('/commands/cmd_2');
    expect(overlay().text).toContain('runs again');
  });

  it('asks first where it may have run', async () => {
    const unknown = { ...failed, status: 'EXPIRED', errorCode: 'COMMAND_OUTCOME_UNKNOWN' } as const;
    const { backend, screen } = await openWith(unknown);
    await screen.click('Retry');
    await backend.answer(ACTIONS, [anAction()]);
    expect(overlay().one('blockquote').textContent).toBe('The last time, it may have run at least in part.');
    backend.expectNoMore();
    await agree('Run');
    await backend.answer(`${COMMAND}/retry`, aCommand({ id: 'cmd_2' }), 'POST');
  });

  it.each([
    ['is highly dangerous', [anAction({ dangerLevel: 'HIGH' })]],
    ['is no longer declared', []],
  ])('wants the service typed where the action %s', async (_what, actions) => {
    const { backend, screen } = await openWith(failed);
    await screen.click('Retry');
    await backend.answer(ACTIONS, actions);
    expect((overlay().named('Run', '[role=dialog] button') as HTMLButtonElement).disabled).toBe(true);
    await overlay().fill('stock', 'stock');
    await agree('Run');
    await backend.answer(`${COMMAND}/retry`, aCommand({ id: 'cmd_2' }), 'POST');
  });

  it('leads back to the form, with what was sent but for its secrets', async () => {
    const { screen } = await openWith(aDetail({ ...succeeded(), payload: { text: 'hi', key: REDACTED } }));
    const href = new URL(screen.named('Run again…').getAttribute('href') ?? '', 'http://console');
    expect(href.pathname).toBe('/services/svc_1/actions/echo');
    expect(JSON.parse(href.searchParams.get('payload') ?? '')).toEqual({ text: 'hi' });
  });

  it('offers a viewer nothing to do', async () => {
    const { screen } = await openWith(failed, 'viewer');
    expect(screen.names()).not.toContain('Retry');
    expect(screen.names()).not.toContain('Run again…');
  });

  it('shows a one-time key, and keeps it while the page is open though the server has forgotten it', async () => {
    const { backend, screen } = await openWith(aDetail({ status: 'RUNNING', startedAt: NOW }));
    await refreshed();
    await backend.answer(COMMAND, { ...succeeded({ generatedKey: secret }), status: 'RUNNING' });
    expect(screen.texts('ops-one-time-key code')).toEqual([secret]);
    await refreshed();
    await backend.answer(COMMAND, succeeded({ generatedKey: REDACTED }));
    expect(screen.texts('ops-one-time-key code')).toEqual([secret]);
    expect(screen.text).not.toContain('it cannot be shown again');
    expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain(secret);
  });

  it('shows the key nowhere but there', async () => {
    const { screen } = await openWith(succeeded({ generatedKey: secret, id: 'key_1' }));
    expect(screen.root.innerHTML.split(secret)).toHaveLength(2);
    expect(screen.text).toContain('key_1');
  });

  it('forgets the key with the page', async () => {
    const { backend, screen } = await openWith(succeeded({ generatedKey: secret }));
    const router = TestBed.inject(Router);
    await router.navigateByUrl('/commands/cmd_2');
    await settled();
    await backend.answer('/api/admin/commands/cmd_2', { ...succeeded(), id: 'cmd_2' });
    expect(screen.all('ops-one-time-key')).toEqual([]);
    await router.navigateByUrl('/commands/cmd_1');
    await settled();
    await backend.answer(COMMAND, succeeded({ generatedKey: REDACTED }));
    expect(screen.root.innerHTML).not.toContain(secret);
    expect(screen.text).toContain('it cannot be shown again');
  });
});
