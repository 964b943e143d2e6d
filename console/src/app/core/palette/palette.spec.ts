import { Location } from '@angular/common';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { Role } from '#contracts';
import { settled, type Backend } from '../../../testing/backend';
import { aCommand, anAction, anAgent, aService } from '../../../testing/builders';
import { goTo, overlay, signInAs, startConsole } from '../../../testing/console';
import { until } from '../../../testing/visit';
import { Palette } from './palette';

const API = '/api/admin';

@Component({ template: '<button>here</button>' })
class Page {}

const open = async (role: Role = 'operator') => {
  const backend = startConsole([{ path: '**', component: Page }]);
  await signInAs(role, backend);
  const screen = await goTo('/start');
  document.body.append(screen.root);
  screen.one('button').focus();
  void TestBed.inject(Palette).open();
  await until(() => document.activeElement?.getAttribute('role') === 'combobox');
  return { backend, screen };
};

const pause = async (): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, 250));
  await settled();
};

const options = (): readonly string[] =>
  overlay()
    .all('[role=option] .label')
    .map(({ textContent }) => textContent);

/** What Enter would choose, by what the field says of it. */
const active = (): string => {
  const id = overlay().one('[role=combobox]').getAttribute('aria-activedescendant');
  const option = overlay().one(`[id="${id ?? ''}"]`);
  expect(option.getAttribute('aria-selected')).toBe('true');
  return option.querySelector('.label')?.textContent ?? '';
};

const ask = async (text: string): Promise<void> => {
  await overlay().type('[role=combobox]', text);
  await pause();
};

const answerAll = async (backend: Backend): Promise<void> => {
  await backend.answerPage(`${API}/agents`, [anAgent()]);
  await backend.answerPage(`${API}/capsule-services`, [aService()]);
  await backend.answerPage(`${API}/commands`, []);
};

const press = (key: string): Promise<void> => overlay().press(key, overlay().one('[role=combobox]'));

describe('Palette', () => {
  it('begins with the pages, and asks the server nothing', async () => {
    const { backend } = await open('operator');
    expect(document.activeElement).toBe(overlay().one('[role=combobox]'));
    expect(options()).toContain('Agents');
    expect(options()).not.toContain('Users');
    await pause();
    backend.expectNoMore();
  });

  it('shows the owner the pages of the owner', async () => {
    await open('owner');
    expect(options()).toContain('Users');
  });

  it('goes to a page by typing part of its name', async () => {
    await open();
    await overlay().type('[role=combobox]', 'regis');
    expect(options()).toEqual(['Registration tokens']);
    await press('Enter');
    await until(() => TestBed.inject(Location).path() === '/registration-tokens');
  });

  it('asks once when the typing pauses, for five of each', async () => {
    const { backend } = await open();
    for (const text of ['s', 'st', 'sto']) await overlay().type('[role=combobox]', text);
    backend.expectNone(`${API}/agents`);
    await pause();
    const asked = ['agents', 'capsule-services', 'commands'].map(
      (name) => backend.request(`${API}/${name}`).request.urlWithParams,
    );
    expect(asked).toEqual([
      `${API}/agents?q=sto&pageSize=5`,
      `${API}/capsule-services?q=sto&pageSize=5`,
      `${API}/commands?q=sto&pageSize=5`,
    ]);
  });

  it('moves through what was found by the arrows, round and round', async () => {
    const { backend } = await open();
    await ask('sto');
    await answerAll(backend);
    expect(options()).toEqual(['Stock', 'Stock', 'Till 1']);
    expect(
      overlay()
        .all('.heading')
        .map(({ textContent }) => textContent.trim()),
    ).toEqual(['Services', 'Run an action on', 'Agents']);
    expect(active()).toBe('Stock');
    await press('ArrowUp');
    expect(active()).toBe('Till 1');
    await press('Enter');
    await until(() => TestBed.inject(Location).path() === '/agents/agt_1');
  });

  it('keeps of an earlier answer only what fits what is typed now', async () => {
    const { backend } = await open();
    await ask('sto');
    await answerAll(backend);
    await overlay().type('[role=combobox]', 'stoc');
    expect(options()).toEqual(['Stock', 'Stock']);
    await overlay().type('[role=combobox]', 'stone');
    expect(options()).toEqual([]);
    expect(overlay().text).toContain('Searching…');
  });

  it('stays on the chosen entry when an answer for the same text brings others before it', async () => {
    const { backend } = await open();
    await ask('sto');
    await answerAll(backend);
    await overlay().type('[role=combobox]', 'stock');
    await press('ArrowDown');
    expect(overlay().one('[aria-selected=true]').id).toBe('palette-run_svc_1');
    await pause();
    const first = aService({ id: 'svc_0', name: 'Stock before' });
    await backend.answerPage(`${API}/agents`, []);
    await backend.answerPage(`${API}/capsule-services`, [first, aService()]);
    await backend.answerPage(`${API}/commands`, []);
    expect(options()).toEqual(['Stock before', 'Stock', 'Stock before', 'Stock']);
    expect(overlay().one('[aria-selected=true]').id).toBe('palette-run_svc_1');
    await press('Enter');
    await backend.answer(`${API}/capsule-services/svc_1/actions`, [anAction()]);
    expect(options()).toEqual(['Echo']);
  });

  it('starts an action of a service in a second step', async () => {
    const { backend } = await open();
    await ask('sto');
    await answerAll(backend);
    await press('ArrowDown');
    await press('Enter');
    const actions = [
      anAction(),
      anAction({ name: 'add item', label: 'Add' }),
      anAction({ name: 'off', enabled: false }),
    ];
    await backend.answer(`${API}/capsule-services/svc_1/actions`, actions);
    expect(overlay().one('[role=combobox]').getAttribute('aria-label')).toBe('Which action of Stock?');
    expect(options()).toEqual(['Echo', 'Add']);
    await overlay().type('[role=combobox]', 'add');
    await press('Enter');
    await until(() => TestBed.inject(Location).path() === '/services/svc_1/actions/add%20item');
  });

  it('goes back from the second step by Backspace in the empty field', async () => {
    const { backend } = await open();
    await ask('sto');
    await answerAll(backend);
    await press('ArrowDown');
    await press('Enter');
    await backend.answer(`${API}/capsule-services/svc_1/actions`, []);
    expect(overlay().text).toContain('This service offers no actions now');
    await press('Backspace');
    expect(options()).toContain('Agents');
  });

  it('offers a viewer no actions', async () => {
    const { backend } = await open('viewer');
    await ask('sto');
    await answerAll(backend);
    expect(options()).toEqual(['Stock', 'Till 1']);
  });

  it('finds a thing by its id', async () => {
    const { backend } = await open();
    const id = 'agt_01ARZ3NDEKTSV4RRFFQ69G5FAV';
    await ask(id);
    await backend.answer(`${API}/agents/${id}`, anAgent({ id }));
    await backend.answerPage(`${API}/capsule-services`, []);
    await backend.answerPage(`${API}/commands`, []);
    expect(options()).toEqual(['Till 1']);
  });

  it('finds a command in the list by its id, and never reads it: that would use up its one-time key', async () => {
    const { backend } = await open();
    const id = 'cmd_01ARZ3NDEKTSV4RRFFQ69G5FAV';
    await ask(id);
    backend.expectNone(`${API}/commands/${id}`);
    await backend.answerPage(`${API}/agents`, []);
    await backend.answerPage(`${API}/capsule-services`, []);
    const { request } = await backend.answerPage(`${API}/commands`, [aCommand({ id })]);
    expect(request.urlWithParams).toBe(`${API}/commands?q=${id}&pageSize=5`);
    expect(options()).toEqual(['Echo · Stock']);
  });

  it('offers no actions that only results offer', async () => {
    const { backend } = await open();
    await ask('sto');
    await answerAll(backend);
    await press('ArrowDown');
    await press('Enter');
    const actions = [anAction(), anAction({ id: 'act_2', name: 'row', label: 'Row', category: 'row-action' })];
    await backend.answer(`${API}/capsule-services/svc_1/actions`, actions);
    expect(options()).toEqual(['Echo']);
  });

  it('says when nothing is found, and when the search failed', async () => {
    const { backend } = await open();
    await ask('none!');
    await backend.answerPage(`${API}/agents`, []);
    await backend.answerPage(`${API}/capsule-services`, []);
    await backend.answerPage(`${API}/commands`, []);
    expect(overlay().text).toContain('Nothing is found');
    await ask('none?');
    await backend.refuse(`${API}/agents`, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(overlay().text).toContain('The search failed: The database is away.');
  });

  it('puts the focus back when it is closed by Escape', async () => {
    const { screen } = await open();
    await press('Escape');
    await until(() => overlay().all('[role=dialog]').length === 0);
    expect(document.activeElement).toBe(screen.one('button'));
  });

  it('is not opened over another dialog', async () => {
    await open();
    await TestBed.inject(Palette).help();
    expect(overlay().all('[role=dialog]')).toHaveLength(1);
  });
});
