import { inspect } from 'node:util';
import type { ActionAnswer } from '#agent';
import type { AgentCommand, DetailResult, JsonObject, ListResult } from '#contracts';
import { demoActions } from './demo-service.js';
import { DemoState } from './demo-state.js';

describe('The actions of the demo', () => {
  let state: DemoState;
  let changes: number;
  let logged: unknown[];

  beforeEach(() => {
    state = new DemoState(() => new Date('2026-11-01T12:00:00.000Z'));
    changes = 0;
    logged = [];
  });

  const actions = () => demoActions(state, () => (changes += 1));

  const contextOf = (payload: JsonObject, signal = new AbortController().signal) => ({
    command: {} as AgentCommand,
    payload,
    signal,
    log: (...line: unknown[]) => logged.push(line),
    progress: (...said: unknown[]) => logged.push(said),
  });

  const run = async (name: string, payload: JsonObject = {}, signal?: AbortSignal): Promise<ActionAnswer> =>
    actions()
      .find(({ declaration }) => declaration.name === name)
      ?.handler(contextOf(payload, signal));

  const listed = async (payload: JsonObject = {}) =>
    ((await run('listItems', payload)) as { data: { list: ListResult } }).data.list;

  it('have unique names, and labels', () => {
    const declarations = actions().map(({ declaration }) => declaration);
    expect(new Set(declarations.map(({ name }) => name)).size).toBe(declarations.length);
    for (const { label, category } of declarations) expect(label && category).toBeTruthy();
    expect(declarations.find(({ name }) => name === 'resetCounters')).toMatchObject({
      dangerLevel: 'HIGH',
      requiresConfirmation: true,
    });
  });

  it('prepare a payload that matches their schema', async () => {
    for (const { declaration } of actions()) {
      const { initialPayload = {} } = (await declaration.prepare?.(contextOf({}))) ?? {};
      const properties = Object.keys(declaration.inputSchema?.properties ?? {});
      expect(properties).toEqual(expect.arrayContaining(Object.keys(initialPayload)));
    }
  });

  it.each([
    [{ text: 'ab' }, 'ab'],
    [{ text: 'ab', repeat: 2 }, 'ab\nab'],
    [{ text: 'ab', style: 'upper' }, 'AB'],
    [{ text: 'ab', style: 'reversed' }, 'ba'],
  ])('echo %j', async (payload, text) => {
    expect(await run('echo', payload)).toMatchObject({ data: { text, length: text.length } });
  });

  it('list all or some items, with their actions', async () => {
    const list = await listed();
    expect(list.data).toHaveLength(5);
    expect(list.rowActions?.map(({ action }) => action)).toEqual(['itemDetail', 'restockItem', 'removeItem']);
    const keys = Object.keys(list.data[0] ?? {});
    expect(keys).toEqual(expect.arrayContaining(list.columns.map(({ key }) => key)));
    expect((await listed({ onlyLow: true })).data.map(({ status }) => status)).toEqual(['LOW', 'OUT_OF_STOCK']);
    expect((await listed({ category: 'tools' })).data).toHaveLength(1);
  });

  it('link only to existing actions', async () => {
    const names = actions().map(({ declaration }) => declaration.name);
    const { detail } = ((await run('itemDetail', { id: 'itm_1' })) as { data: { detail: DetailResult } }).data;
    const { rowActions = [], pageActions = [] } = await listed();
    for (const { action } of [...rowActions, ...pageActions, ...(detail.actions ?? [])])
      expect(names).toContain(action);
  });

  it('add, restock, show and remove an item', async () => {
    await run('addItem', { name: 'Screw', category: 'parts', quantity: 2 });
    expect(await run('restockItem', { id: 'itm_6', quantity: 3 })).toMatchObject({
      message: 'Screw: 5 in stock.',
    });
    expect(await run('itemDetail', { id: 'itm_6' })).toMatchObject({
      data: { detail: { title: 'Screw', data: { quantity: 5, status: 'IN_STOCK' } } },
    });
    await run('removeItem', { id: 'itm_6' });
    await expect(run('itemDetail', { id: 'itm_6' })).rejects.toMatchObject({ code: 'ITEM_NOT_FOUND' });
  });

  it('set the health and trigger a report', async () => {
    await run('setHealth', { mode: 'DOWN', reason: 'Fire drill.' });
    expect(await run('runHealthCheck')).toMatchObject({ data: { status: 'DOWN', message: 'Fire drill.' } });
    expect(changes).toBe(1);
  });

  it('reset the counters and return the previous ones', async () => {
    state.count('echo');
    expect(await run('resetCounters')).toMatchObject({ data: { before: { echo: 1 } } });
    expect(state.counters).toEqual({});
  });

  it('generate a different key every time, and store neither it nor the passphrase', async () => {
    const keyOf = (answer: ActionAnswer) => (answer as { data: { generatedKey: string } }).data.generatedKey;
    const first = keyOf(await run('rotateKey', { currentPassphrase: 'canary' }));
    const second = keyOf(await run('rotateKey', { currentPassphrase: 'canary' }));
    expect(first).not.toBe(second);
    expect(changes).toBe(2);
    const kept = inspect([state, logged], { depth: 10 });
    for (const secret of [first, second, 'canary']) expect(kept).not.toContain(secret);
  });

  it('stop the slow task when it is aborted', async () => {
    const controller = new AbortController();
    const task = run('slowTask', { seconds: 60 }, controller.signal);
    controller.abort();
    await expect(task).rejects.toMatchObject({ code: 'ABORT_ERR' });
  });

  it('fail the failing task with its code', async () => {
    await expect(run('failingTask')).rejects.toMatchObject({
      code: 'DEMO_FAILURE',
      message: 'This task always fails.',
    });
  });
});
