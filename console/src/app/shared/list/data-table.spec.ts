import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { Page } from '#contracts';
import { settled } from '../../../testing/backend';
import { goTo, startConsole } from '../../../testing/console';
import { liveResource } from '../../core/live/live-resource';
import { Refresh } from '../../core/live/refresh';
import { TableCell } from './cells';
import { DataTable, type TableColumn } from './data-table';
import { listQuery } from './list-query';

interface Thing {
  readonly id: string;
  readonly name: string;
}

const THINGS: readonly Thing[] = ['one', 'two', 'three'].map((name) => ({ id: name, name }));

@Component({
  template: `<ops-data-table
    caption="Things"
    [columns]="columns"
    [resource]="things"
    [query]="query"
    [rowLink]="linkOf"
  >
    <ng-template opsCell="name" [opsCellOf]="things" let-thing>{{ thing.name }}</ng-template>
    <ng-template opsCell="size" [opsCellOf]="things">big</ng-template>
    <p empty>Nothing yet</p>
  </ops-data-table>`,
  imports: [DataTable, TableCell],
})
class Things {
  readonly columns: readonly TableColumn[] = [
    { key: 'name', label: 'common.name', sort: 'name' },
    { key: 'size', label: 'common.status', wide: true },
  ];
  readonly query = listQuery({ page: 1, sort: 'name' });
  readonly things = liveResource<Page<Thing>>(() => `/api/things?${this.query.search()}`);
  readonly linkOf = (thing: Thing): string | null => (thing.name === 'three' ? null : `/things/${thing.id}`);
}

const open = async (url = '/things') => {
  const backend = startConsole([{ path: 'things', component: Things }]);
  return { backend, screen: await goTo(url) };
};

const focused = (): string => document.activeElement?.textContent.trim() ?? '';

describe('DataTable', () => {
  it('draws a skeleton while it loads', async () => {
    const { screen } = await open();
    expect(screen.one('ops-skeleton[role=status]').textContent).toContain('Loading…');
    expect(screen.all('table')).toEqual([]);
  });

  it('dims the rows of another query while this one is read, and drops them when that fails', async () => {
    const { backend, screen } = await open();
    await backend.answerPage('/api/things', THINGS, { total: 41 });
    await screen.click('Next page');
    expect(screen.one('[aria-busy=true]').textContent).toContain('one');
    await backend.refuse('/api/things', 'SERVICE_UNAVAILABLE', { message: 'Busy.' });
    expect(screen.all('table')).toEqual([]);
    expect(screen.one('[role=alert]').textContent).toContain('Busy.');
  });

  it('says what failed, with the request id, and tries again', async () => {
    const { backend, screen } = await open();
    await backend.refuse('/api/things', 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.one('[role=alert]').textContent).toContain('The database is away.');
    expect(screen.one('[role=alert]').textContent).toContain('req-1');
    await screen.click('Try again');
    await backend.answerPage('/api/things', THINGS);
    expect(screen.all('[role=alert]')).toEqual([]);
    expect(screen.all('tbody tr')).toHaveLength(3);
  });

  it('says why there is nothing', async () => {
    const { backend, screen } = await open();
    await backend.answerPage('/api/things', []);
    expect(screen.text).toBe('Nothing yet');
  });

  it('draws a table that says what it is of', async () => {
    const { backend, screen } = await open();
    await backend.answerPage('/api/things', THINGS);
    expect(screen.one('caption').textContent.trim()).toBe('Things');
    expect(screen.all('th[scope=col]').map(({ textContent }) => textContent.trim().split(/\s/)[0])).toEqual([
      'Name',
      'Status',
    ]);
    expect(screen.all('tbody td').map(({ textContent }) => textContent.trim())).toEqual([
      'one',
      'big',
      'two',
      'big',
      'three',
      'big',
    ]);
  });

  it('links a row to where it leads, and only then', async () => {
    const { backend, screen } = await open();
    await backend.answerPage('/api/things', THINGS);
    expect(screen.all('tbody a').map((link) => link.getAttribute('href'))).toEqual(['/things/one', '/things/two']);
  });

  it('keeps its rows when a refresh fails, and says that they are old', async () => {
    const { backend, screen } = await open();
    await backend.answerPage('/api/things', THINGS);
    TestBed.inject(Refresh).now();
    await backend.cut('/api/things');
    expect(screen.all('tbody tr')).toHaveLength(3);
    expect(screen.one('ops-stale-note').textContent).toContain('Not up to date: The server does not answer.');
  });

  it('sorts on the server, and says how', async () => {
    const { backend, screen } = await open();
    await backend.answerPage('/api/things', THINGS);
    expect(screen.one('th').getAttribute('aria-sort')).toBe('ascending');
    expect(screen.all('th')[1]?.hasAttribute('aria-sort')).toBe(false);
    screen.one('th button').click();
    await settled();
    const { request } = await backend.answerPage('/api/things', THINGS);
    expect(request.url).toBe('/api/things?page=1&sort=-name');
    expect(screen.one('th').getAttribute('aria-sort')).toBe('descending');
  });

  it('pages on the server, and no further than there are pages', async () => {
    const { backend, screen } = await open();
    await backend.answerPage('/api/things', THINGS, { total: 41 });
    expect(screen.text).toContain('Page 1 of 3 · 41 in all');
    expect((screen.named('Previous page') as HTMLButtonElement).disabled).toBe(true);
    await screen.click('Next page');
    await screen.click('Next page');
    const { request } = await backend.answerPage('/api/things', THINGS, { total: 41, page: 2 });
    expect(request.url).toBe('/api/things?page=2&sort=name');
    await screen.click('Next page');
    await backend.answerPage('/api/things', THINGS, { total: 41, page: 3 });
    expect((screen.named('Next page') as HTMLButtonElement).disabled).toBe(true);
  });

  it('begins at the top of each page somebody turns to, with the keyboard there, and of none that is read again', async () => {
    const { backend, screen } = await open();
    document.body.append(screen.root);
    const scrolled = vi.spyOn(Element.prototype, 'scrollIntoView');
    await backend.answerPage('/api/things', THINGS, { total: 23 });
    TestBed.inject(Refresh).now();
    await backend.answerPage('/api/things', THINGS, { total: 24 });
    expect(scrolled).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(document.body);

    screen.named('Next page').focus();
    await screen.click('Next page');
    await backend.answerPage('/api/things', THINGS, { total: 24, page: 2 });
    expect(scrolled.mock.contexts).toEqual([screen.one('thead')]);
    expect(document.activeElement).toBe(screen.one('[role=group][aria-label=Things]'));
    TestBed.inject(Refresh).now();
    await backend.answerPage('/api/things', THINGS, { total: 25, page: 2 });
    expect(scrolled).toHaveBeenCalledTimes(1);
  });

  it('leads back from a page that is no longer there', async () => {
    const { backend, screen } = await open('/things?page=9');
    document.body.append(screen.root);
    await backend.answerPage('/api/things', [], { total: 41, page: 9 });
    expect(screen.text).toContain('There are not so many pages any more');
    expect(screen.text).not.toContain('Nothing yet');
    await screen.click('To the last page');
    const { request } = await backend.answerPage('/api/things', THINGS, { total: 41, page: 3 });
    expect(request.url).toBe('/api/things?page=3&sort=name');
    expect(document.activeElement).toBe(screen.one('[role=group][aria-label=Things]'));
  });

  it('moves from row to row by j and k, and stops at the ends', async () => {
    const { backend, screen } = await open();
    await backend.answerPage('/api/things', THINGS);
    document.body.append(screen.root);
    const visited: string[] = [];
    for (const key of ['j', 'j', 'j', 'k', 'k']) {
      await screen.press(key);
      visited.push(focused());
    }
    expect(visited).toEqual(['one', 'two', 'two', 'one', 'one']);
  });

  it('does not move while something is typed or with Ctrl', async () => {
    const { backend, screen } = await open();
    await backend.answerPage('/api/things', THINGS);
    document.body.append(screen.root);
    const input = document.createElement('input');
    screen.root.append(input);
    input.focus();
    await screen.press('j');
    expect(document.activeElement).toBe(input);
    input.blur();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', ctrlKey: true, bubbles: true }));
    expect(document.activeElement).toBe(document.body);
  });
});
