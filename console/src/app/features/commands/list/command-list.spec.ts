import type { Role } from '#contracts';
import { aCommand, anAction, NOW } from '../../../../testing/builders';
import { overlay } from '../../../../testing/console';
import { address, dialogClosed, visit } from '../../../../testing/visit';
import { commandsRoutes } from '../commands.routes';

const COMMANDS = '/api/admin/commands';

const open = (url = '/commands', role: Role = 'operator') =>
  visit(url, [{ path: 'commands', children: commandsRoutes }], role);

/** With one command on it, whose menu is open. */
const openMenu = async (command: Parameters<typeof aCommand>[0]) => {
  const visited = await open();
  await visited.backend.answerPage(COMMANDS, [aCommand(command)]);
  await visited.screen.click('Acts on Echo');
  return visited;
};

const searched = 'input[type=search]';

describe('CommandList', () => {
  it('names each command by what its service calls the action, and by its name when that is all there is', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(COMMANDS, [
      aCommand({ actionName: 'count', actionLabel: 'Count the shelf' }),
      aCommand({ id: 'cmd_2', actionName: 'gone', actionLabel: null }),
    ]);
    expect(screen.texts('tbody .row-link')).toEqual(['Count the shelf count', 'gone']);
    expect(screen.one('tbody tr').textContent).toContain('Till 1');
  });

  it('searches on the server for what was typed', async () => {
    const { backend, screen } = await open('/commands?q=shelf');
    const { request } = await backend.answerPage(COMMANDS, [aCommand()]);
    expect(request.urlWithParams).toBe(`${COMMANDS}?page=1&sort=-createdAt&type=ACTION_EXECUTE&q=shelf`);
    expect(screen.one<HTMLInputElement>(searched).value).toBe('shelf');
  });

  it('says in words what a link filters by, and takes one filter out at a time', async () => {
    const { backend, screen } = await open('/commands?serviceId=svc_1&actionName=echo');
    await backend.answerPage(COMMANDS, [aCommand()]);
    expect(screen.texts('mat-chip')).toEqual(['Service: Stock', 'Action: Echo']);
    await screen.click('Do not filter by Stock');
    expect(address()).toBe('/commands?actionName=echo');
  });

  it('shows what was run, and preparations when they are asked for', async () => {
    const { backend, screen } = await open();
    const { request } = await backend.answerPage(COMMANDS, [aCommand()]);
    expect(request.urlWithParams).toBe(`${COMMANDS}?page=1&sort=-createdAt&type=ACTION_EXECUTE`);
    await screen.choose('Kind', 'Preparation');
    expect(address()).toBe('/commands?type=ACTION_PREPARE&type=ACTION_EXECUTE');
  });

  it('offers a viewer nothing to do', async () => {
    const { backend, screen } = await open('/commands', 'viewer');
    await backend.answerPage(COMMANDS, [aCommand()]);
    expect(screen.names()).not.toContain('Acts on Echo');
  });

  it('is a skeleton until they are there, and says what failed', async () => {
    const { backend, screen } = await open();
    expect(screen.all('ops-skeleton')).toHaveLength(1);
    await backend.refuse(COMMANDS, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.one('[role=alert]').textContent).toContain('The database is away.');
    expect(screen.one('[role=alert]').textContent).toContain('req-1');
    await screen.click('Try again');
    await backend.answerPage(COMMANDS, [aCommand()]);
    expect(screen.all('tbody tr')).toHaveLength(1);
  });

  it('says where commands come from when there are none yet', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(COMMANDS, []);
    expect(screen.text).toContain('Run an action of a service; its command appears here.');
    expect(screen.named('Services').getAttribute('href')).toBe('/services');
  });

  it('tells of each how it went, how long it took, who wanted it and what went wrong', async () => {
    const { backend, screen } = await open();
    const failure = { status: 'FAILED', errorCode: 'NO_PAPER', errorMessage: 'No paper.' } as const;
    await backend.answerPage(COMMANDS, [
      aCommand({ ...failure, completedAt: NOW, durationMs: 2_400, createdByUsername: 'kim' }),
      aCommand({ id: 'cmd_2', type: 'ACTION_PREPARE' }),
    ]);
    const [failed = [], prepare = []] = [1, 2].map((nth) => screen.texts(`tbody tr:nth-child(${nth}) td`));
    expect([failed[1], failed[5], failed[6]]).toEqual(['Failed NO_PAPER', '2.4 sec', 'kim']);
    expect(screen.one('code.error').title).toBe('No paper.');
    expect(prepare[0]).toContain('Preparation');
    expect([prepare[1], prepare[4], prepare[5], prepare[6]]).toEqual(['Pending', '–', '–', '–']);
  });

  it('asks for what the address says, and writes there what is chosen', async () => {
    const { backend, screen } = await open('/commands?status=FAILED&status=EXPIRED&page=2');
    const { request } = await backend.answerPage(COMMANDS, [], { page: 2 });
    expect(request.url).toBe(`${COMMANDS}?page=2&sort=-createdAt&status=FAILED&status=EXPIRED&type=ACTION_EXECUTE`);
    await screen.choose('Status', 'Cancelled');
    expect(address()).toBe('/commands?status=FAILED&status=EXPIRED&status=CANCELLED');
  });

  it('cancels one that is under way once that is agreed to, and reads again', async () => {
    const { backend, screen } = await openMenu({ status: 'PENDING' });
    await overlay().click('Cancel the command', '[role=menuitem]');
    expect(overlay().one('[role=dialog]').textContent).toContain('it will not run');
    backend.expectNoMore();
    await overlay().click('Cancel the command', '[role=dialog] button');
    await dialogClosed();
    await backend.answer(`${COMMANDS}/cmd_1/cancel`, aCommand({ status: 'CANCELLED' }), 'POST');
    expect(overlay().text).toContain('“Echo” is cancelled');
    await backend.answerPage(COMMANDS, [aCommand({ status: 'CANCELLED' })]);
    expect(screen.one('[data-status]').dataset.status).toBe('CANCELLED');
  });

  it('runs one that failed again, and leads to the new command', async () => {
    const { backend } = await openMenu({ status: 'FAILED' });
    await overlay().click('Retry', '[role=menuitem]');
    await backend.answer('/api/admin/capsule-services/svc_1/actions', [anAction()]);
    await backend.answer(`${COMMANDS}/cmd_1/retry`, aCommand({ id: 'cmd_2' }), 'POST');
    expect(address()).toBe('/commands/cmd_2');
  });

  it('leads back to the form of one, filled in', async () => {
    await openMenu({ status: 'SUCCEEDED', payload: { text: 'hi' } });
    expect(overlay().names('[role=menuitem]')).toEqual(['Run again…']);
    const href = new URL(overlay().named('Run again…').getAttribute('href') ?? '', 'http://console');
    expect(href.pathname).toBe('/services/svc_1/actions/echo');
    expect(href.searchParams.get('payload')).toBe('{"text":"hi"}');
  });
});
