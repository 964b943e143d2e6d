import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import type { RowAction, ServiceAction } from '#contracts';
import { settled } from '../../../../testing/backend';
import { aCommand, anAction } from '../../../../testing/builders';
import { fakeClipboard } from '../../../../testing/clipboard';
import { overlay, screenOf, signInAs, startConsole } from '../../../../testing/console';
import { address, elsewhere } from '../../../../testing/visit';
import { ResultList } from './result-list';

const ECHO = '/api/admin/capsule-services/svc_1/actions/echo';

const rows = ['one', 'two', 'three'].map((name, i) => ({ id: i + 1, name, state: 'HEALTHY' }));

const openRow: RowAction = { label: 'Open', action: 'echo', payload: { id: '$row.id' } };

const open = async (list: object = {}, actions: readonly ServiceAction[] = [anAction()]) => {
  const copied = fakeClipboard();
  const backend = startConsole([elsewhere]);
  await signInAs('operator', backend);
  const fixture = TestBed.createComponent(ResultList);
  fixture.componentRef.setInput('list', {
    title: 'Shelves',
    columns: [
      { key: 'name', label: 'Name', copyable: true },
      { key: 'state', label: 'State', format: 'status' },
    ],
    data: rows,
    ...list,
  });
  fixture.componentRef.setInput('context', { serviceId: 'svc_1', serviceName: 'Stock', serviceCode: 'stock', actions });
  return { backend, copied, screen: await screenOf(fixture) };
};

describe('ResultList', () => {
  it('is a table with a name, in the columns and formats the service chose', async () => {
    const { screen } = await open();
    expect(screen.texts('caption')).toEqual(['Shelves']);
    expect(screen.texts('thead th')).toEqual(['Name', 'State']);
    expect(screen.texts('tbody tr:first-child td')).toEqual(['one', 'Healthy']);
    expect(screen.all('tbody tr')).toHaveLength(3);
  });

  it('copies a value that is there to be copied', async () => {
    const { copied, screen } = await open();
    screen.one('tbody tr:nth-child(2) ops-copy-button button').click();
    expect(copied).toEqual(['two']);
  });

  it('pages by the size the service chose, each page from its top', async () => {
    const { screen } = await open({ pageSize: 2 });
    const names = () => screen.texts('tbody td:first-child');
    expect(names()).toEqual(['one', 'two']);
    expect(screen.text).toContain('Page 1 of 2 · 3 in all');
    document.body.append(screen.root);
    const scrolled = vi.spyOn(Element.prototype, 'scrollIntoView');
    await screen.click('Next page');
    expect(names()).toEqual(['three']);
    expect((screen.named('Next page') as HTMLButtonElement).disabled).toBe(true);
    expect(scrolled.mock.contexts).toEqual([screen.one('thead')]);
    expect(document.activeElement).toBe(screen.root);
  });

  it.each([
    [{ emptyText: 'No shelves.' }, 'No shelves.'],
    [{}, 'The result is empty.'],
  ])('says so when it is empty: %j', async (list, text) => {
    const { screen } = await open({ data: [], ...list });
    expect(screen.text).toContain(text);
    expect(screen.all('table')).toEqual([]);
  });

  it('runs a harmless act of a row at once, filled from the row, and leads to its command', async () => {
    const { backend, screen } = await open({ rowActions: [openRow] });
    screen.one('tbody tr:nth-child(2) ops-result-acts button').click();
    const { request } = await backend.answer(ECHO, aCommand({ id: 'cmd_9' }), 'POST');
    expect(request.body).toEqual({ payload: { id: 2 } });
    expect(request.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f]{32}$/);
    expect(address()).toBe('/commands/cmd_9');
  });

  it('says why an act was refused', async () => {
    const { backend, screen } = await open({ rowActions: [openRow] });
    screen.one('tbody tr:first-child ops-result-acts button').click();
    await backend.refuse(ECHO, 'AGENT_OFFLINE', { method: 'POST', message: 'Its agent is offline.' });
    expect(overlay().text).toContain('Its agent is offline. (req-1)');
    expect(address()).toBe('');
  });

  it('leads to the page that asks for an act that wants a question, filled in', async () => {
    const { backend, screen } = await open({ rowActions: [{ ...openRow, confirm: 'Sure of this shelf?' }] });
    const link = screen.one('tbody tr:nth-child(3) ops-result-acts a');
    const href = new URL(link.getAttribute('href') ?? '', 'http://console');
    expect(href.pathname).toBe('/services/svc_1/actions/echo');
    expect(href.searchParams.get('payload')).toBe('{"id":3}');
    link.click();
    await settled();
    expect(TestBed.inject(Router).lastSuccessfulNavigation()?.extras.state).toEqual({
      isAskedFor: true,
      note: 'Sure of this shelf?',
    });
    backend.expectNoMore();
  });

  it('has room for one act in a row, and a menu for the others', async () => {
    const { screen } = await open({ rowActions: [openRow, { ...openRow, label: 'Empty', danger: true }] });
    expect(screen.names('tbody tr:first-child td:last-child :is(a, button)')).toEqual([
      'Open',
      'More acts on this row',
    ]);
    screen.one('tbody tr:first-child [aria-haspopup=menu]').click();
    await settled();
    expect(overlay().names('[role=menuitem]')).toEqual(['Empty']);
  });

  it('moves from row to row by j and k, to what Enter then does', async () => {
    const { screen } = await open({ rowActions: [openRow] });
    document.body.append(screen.root);
    const visited: string[] = [];
    for (const key of ['j', 'j', 'k']) {
      await screen.press(key);
      const row = document.activeElement?.closest('tr')?.querySelector('td');
      visited.push(`${document.activeElement?.textContent.trim() ?? ''} ${row?.textContent.trim() ?? ''}`);
    }
    expect(visited).toEqual(['Open one', 'Open two', 'Open one']);
  });

  it.each([
    ['it does not declare', []],
    ['it has switched off', [anAction({ enabled: false })]],
  ])('offers no act of a service that %s', async (_what, actions) => {
    const { screen } = await open({ rowActions: [openRow], pageActions: [openRow] }, actions);
    expect(screen.names('ops-result-acts :is(a, button)')).toEqual([]);
  });

  it('draws what the service sent as text, and follows no address but a web one', async () => {
    const said = '<img src=x onerror=alert(1)>';
    const { screen } = await open({
      title: said,
      data: [{ name: said }, { name: 'javascript://x/%0aalert(1)' }, { name: 'https://shop.example/1' }],
    });
    expect(screen.all('img')).toEqual([]);
    expect(screen.texts('tbody td:first-child')[0]).toBe(said);
    const links = screen.all('tbody a');
    expect(links.map((link) => link.getAttribute('href'))).toEqual(['https://shop.example/1']);
    expect(links[0]?.getAttribute('rel')).toBe('noopener noreferrer');
  });
});
