import { Location } from '@angular/common';
import { TestBed } from '@angular/core/testing';
import type { Role } from '#contracts';
import { aCommand } from '../../../../testing/builders';
import { goTo, signInAs, startConsole } from '../../../../testing/console';
import { commandsRoutes } from '../commands.routes';

const COMMANDS = '/api/admin/commands';

const open = async (url = '/commands', role: Role = 'operator') => {
  const backend = startConsole([{ path: 'commands', children: commandsRoutes }]);
  await signInAs(role, backend);
  return { backend, screen: await goTo(url) };
};

const searched = 'input[type=search]';

describe('CommandList', () => {
  it('names each command by what its service calls the action, and by its name when that is all there is', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(COMMANDS, [
      aCommand({ actionName: 'count', actionLabel: 'Count the shelf' }),
      aCommand({ id: 'cmd_2', actionName: 'gone', actionLabel: null }),
    ]);
    expect(screen.all('tbody .row-link').map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim())).toEqual([
      'Count the shelf count',
      'gone',
    ]);
    expect(screen.one('tbody tr').textContent).toContain('Till 1');
  });

  it('searches on the server for what was typed', async () => {
    const { backend, screen } = await open('/commands?q=shelf');
    const { request } = await backend.answerPage(COMMANDS, [aCommand()]);
    expect(request.urlWithParams).toBe(`${COMMANDS}?page=1&sort=-createdAt&q=shelf`);
    expect(screen.one<HTMLInputElement>(searched).value).toBe('shelf');
  });

  it('says in words what a link filters by, and takes one filter out at a time', async () => {
    const { backend, screen } = await open('/commands?serviceId=svc_1&actionName=echo');
    await backend.answerPage(COMMANDS, [aCommand()]);
    expect(screen.all('mat-chip').map(({ textContent }) => textContent.trim())).toEqual([
      'Service: Stock',
      'Action: Echo',
    ]);
    await screen.click('Do not filter by Stock');
    expect(TestBed.inject(Location).path()).toBe('/commands?actionName=echo');
  });

  it('offers a viewer nothing to do', async () => {
    const { backend, screen } = await open('/commands', 'viewer');
    await backend.answerPage(COMMANDS, [aCommand()]);
    expect(screen.names()).not.toContain('Acts on Echo');
  });
});
