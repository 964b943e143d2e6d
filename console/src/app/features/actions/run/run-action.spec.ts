import type { PreparedAction, Role, ServiceAction } from '#contracts';
import { aCommand, anAction, aServiceDetail } from '../../../../testing/builders';
import { overlay } from '../../../../testing/console';
import { address, dialogClosed, visit } from '../../../../testing/visit';
import { actionsRoutes } from '../actions.routes';

const SERVICE = '/api/admin/capsule-services/svc_1';
const ACTION = `${SERVICE}/actions/echo`;
const PAGE = '/services/svc_1/actions/echo';
const TEXT = 'Text';
const KEY = 'Idempotency-Key';

const inputSchema = {
  type: 'object',
  properties: { text: { type: 'string', title: TEXT }, times: { type: 'integer', title: 'Times', minimum: 1 } },
  required: ['text'],
};

const someAction = (overrides: Partial<ServiceAction> = {}): ServiceAction => anAction({ inputSchema, ...overrides });

const somePreparation = (overrides: Partial<PreparedAction> = {}): PreparedAction => ({
  action: someAction(),
  initialPayload: { text: 'hello' },
  currentState: null,
  prepareCommand: aCommand({ id: 'cmd_prepare', type: 'ACTION_PREPARE', status: 'SUCCEEDED' }),
  ...overrides,
});

const open = (url = PAGE, role: Role = 'operator') =>
  visit(url, [{ path: 'services/:id/actions/:name', children: actionsRoutes }], role);

/** The service is there; its agent is still asked. */
const openPreparing = async (action: Partial<ServiceAction> = {}, url = PAGE) => {
  const visited = await open(url);
  await visited.backend.answer(SERVICE, aServiceDetail({ actions: [someAction(action)] }));
  return visited;
};

/** Prepared, ready to be run. */
const openForm = async (action: Partial<ServiceAction> = {}, url = PAGE) => {
  const visited = await openPreparing(action, url);
  await visited.backend.answer(ACTION, somePreparation({ action: someAction(action) }));
  return visited;
};

describe('RunAction', () => {
  it('is not for a viewer', async () => {
    const { backend } = await open(PAGE, 'viewer');
    expect(address()).toBe('');
    backend.expectNoMore();
  });

  it('is a skeleton until the service is there, and says what failed', async () => {
    const { backend, screen } = await open();
    expect(screen.all('ops-skeleton')).toHaveLength(1);
    await backend.refuse(SERVICE, 'CAPSULE_SERVICE_NOT_FOUND', { message: 'There is no such service.' });
    expect(screen.one('[role=alert]').textContent).toContain('There is no such service.');
    expect(screen.one('[role=alert]').textContent).toContain('req-1');
    await screen.click('Try again');
    await backend.answer(SERVICE, aServiceDetail({ actions: [someAction()] }));
    expect(screen.one('h1').textContent).toBe('Echo');
  });

  it('asks the agent once what to start with, and says that it does', async () => {
    const { backend, screen } = await openPreparing();
    expect(screen.one('ops-prepare-wait [role=status]').textContent).toContain('Asking the service');
    backend.request(ACTION);
    expect(screen.all('form')).toEqual([]);
  });

  it('starts with what the agent says, and shows how things are', async () => {
    const { backend, screen } = await openPreparing();
    await backend.answer(ACTION, somePreparation({ currentState: { shelves: 3 } }));
    expect(screen.field(TEXT).value).toBe('hello');
    expect(screen.one('details').textContent).toContain('"shelves": 3');
    expect(screen.one('.sentence').textContent).toContain('Runs “Echo” on Stock');
  });

  it('shows above the form what the service and the row say about it, and sends none of it', async () => {
    const row = { text: 'from a row', __detail: { title: 'Order 7', data: { total: 12 } } };
    const { backend, screen } = await openPreparing({}, `${PAGE}?payload=${encodeURIComponent(JSON.stringify(row))}`);
    await backend.answer(ACTION, somePreparation({ currentState: { detail: { shelves: 3 } } }));
    expect(screen.texts('.about')).toEqual(['Order 7total 12', 'shelves 3']);
    await screen.click('Run');
    const { request } = await backend.answer(ACTION, aCommand(), 'POST');
    expect(request.body).toEqual({ payload: { text: 'from a row' }, prepareCommandId: 'cmd_prepare' });
  });

  it('says that its input schema cannot be used', async () => {
    const { screen } = await openForm({ inputSchemaProblem: '/type must be string' });
    expect(screen.text).toContain('This input schema cannot be used, so every run is refused: /type must be string');
  });

  it('starts with what the address carries', async () => {
    const { screen } = await openForm({}, `${PAGE}?payload=${encodeURIComponent('{"text":"from a row"}')}`);
    expect(screen.field(TEXT).value).toBe('from a row');
  });

  it('runs a harmless one at once, and leads to its command', async () => {
    const { backend, screen } = await openForm();
    await screen.fill('Times', '3');
    await screen.click('Run');
    const { request } = await backend.answer(ACTION, aCommand({ id: 'cmd_9' }), 'POST');
    expect(request.body).toEqual({ payload: { text: 'hello', times: 3 }, prepareCommandId: 'cmd_prepare' });
    expect(request.headers.get(KEY)).toMatch(/^[0-9a-f]{32}$/);
    expect(address()).toBe('/commands/cmd_9');
  });

  it.each([[{ dangerLevel: 'MEDIUM' }], [{ requiresConfirmation: true }]] as const)(
    'asks before it runs one with %j',
    async (action) => {
      const { backend, screen } = await openForm(action);
      await screen.click('Run');
      expect(overlay().one('[role=dialog]').textContent).toContain('“Echo” runs on Stock (stock) at once.');
      expect(overlay().all('[role=dialog] input')).toEqual([]);
      await overlay().click('Run', '[role=dialog] button');
      await dialogClosed();
      const { request } = await backend.answer(ACTION, aCommand(), 'POST');
      expect(request.body).toMatchObject({ payload: { text: 'hello' }, confirmation: true });
    },
  );

  it('runs nothing when that is thought better of, and keeps what was typed', async () => {
    const { backend, screen } = await openForm({ dangerLevel: 'MEDIUM' });
    await screen.fill(TEXT, 'typed');
    await screen.click('Run');
    await overlay().click('Cancel', '[role=dialog] button');
    await dialogClosed();
    backend.expectNoMore();
    expect(screen.field(TEXT).value).toBe('typed');
  });

  it('wants the code of the service typed before it runs a highly dangerous one', async () => {
    const { backend, screen } = await openForm({ dangerLevel: 'HIGH' });
    expect(screen.one('.danger').textContent).toContain('High');
    await screen.click('Run');
    const act = overlay().named('Run', '[role=dialog] button') as HTMLButtonElement;
    expect(act.disabled).toBe(true);
    await overlay().fill('stock', 'stock');
    expect(act.disabled).toBe(false);
    await overlay().click('Run', '[role=dialog] button');
    await dialogClosed();
    const { request } = await backend.answer(ACTION, aCommand(), 'POST');
    expect(request.body).toMatchObject({ confirmation: true });
  });

  it('goes by the danger the service declares, whatever the preparing agent says', async () => {
    const { backend, screen } = await openPreparing({ dangerLevel: 'HIGH' });
    await backend.answer(ACTION, somePreparation({ action: someAction({ dangerLevel: 'LOW' }) }));
    await screen.click('Run');
    expect(overlay().all('[role=dialog] input')).toHaveLength(1);
  });

  it('sends nothing while something is missing', async () => {
    const { backend, screen } = await openForm();
    await screen.fill(TEXT, '');
    await screen.fill('Times', '0');
    await screen.click('Run');
    expect(screen.faultOf(TEXT)).toBe('This is needed.');
    expect(screen.faultOf('Times')).toBe('At least 1.');
    backend.expectNoMore();
  });

  it('puts what the server refuses on its field, and keeps what was typed', async () => {
    const { backend, screen } = await openForm();
    await screen.fill(TEXT, 'rude');
    await screen.click('Run');
    const issues = [
      { path: 'text', message: 'is not polite' },
      { path: 'elsewhere', message: 'is odd' },
    ];
    await backend.refuse(ACTION, 'ACTION_PAYLOAD_INVALID', { method: 'POST', details: { issues } });
    expect(screen.faultOf(TEXT)).toBe('is not polite');
    expect(screen.texts('.issues li')).toEqual(['elsewhere is odd']);
    expect(screen.one('.refusal').textContent).toContain('Some values do not fit the action.');
    expect(screen.one('.refusal').textContent).toContain('req-1');
    expect(screen.field(TEXT).value).toBe('rude');
  });

  it('is the same run when it is sent again unchanged, and another one when it is changed', async () => {
    const { backend, screen } = await openForm();
    const send = async (): Promise<string | null> => {
      await screen.click('Run');
      const { request } = await backend.cut(ACTION, 'POST');
      return request.headers.get(KEY);
    };
    const first = await send();
    expect(screen.one('.refusal').textContent).toContain('The server does not answer.');
    expect(await send()).toBe(first);
    await screen.fill(TEXT, 'something else');
    expect(await send()).not.toBe(first);
  });

  it('says nothing of its own when the session has ended, and keeps what was typed', async () => {
    const { backend, screen } = await openForm();
    await screen.fill(TEXT, 'typed');
    await screen.click('Run');
    await backend.refuse(ACTION, 'UNAUTHORIZED', { method: 'POST' });
    expect(screen.all('.refusal')).toEqual([]);
    expect(screen.field(TEXT).value).toBe('typed');
  });

  it.each(['ACTION_PREPARE_TIMEOUT', 'ACTION_PREPARE_FAILED'] as const)(
    'says why it could not be prepared (%s), and can go on without',
    async (code) => {
      const { backend, screen } = await openPreparing();
      const details = { errorMessage: 'no shelf' };
      await backend.refuse(ACTION, code, { message: 'It could not be prepared.', details });
      expect(screen.one('[role=alert]').textContent).toContain('It could not be prepared.');
      expect(screen.one('blockquote').textContent).toBe('no shelf');
      await screen.click('Go on without preparing');
      expect(screen.text).toContain('Not prepared by the service');
      expect(screen.field(TEXT).value).toBe('');
      await screen.fill(TEXT, 'typed');
      await screen.click('Run');
      expect((await backend.answer(ACTION, aCommand(), 'POST')).request.body).toEqual({ payload: { text: 'typed' } });
    },
  );

  it('is prepared again on demand', async () => {
    const { backend, screen } = await openPreparing();
    await backend.refuse(ACTION, 'ACTION_PREPARE_TIMEOUT');
    await screen.click('Try again');
    await backend.answer(ACTION, somePreparation());
    expect(screen.field(TEXT).value).toBe('hello');
  });

  it('does not go on without when the agent could not run it either', async () => {
    const { backend, screen } = await openPreparing();
    await backend.refuse(ACTION, 'AGENT_OFFLINE', { message: 'Its agent is offline.' });
    expect(screen.one('[role=alert]').textContent).toContain('Its agent is offline.');
    expect(screen.names()).not.toContain('Go on without preparing');
  });

  it('says that the service has switched it off', async () => {
    const { screen } = await openPreparing({ enabled: false });
    expect(screen.text).toContain('The service has disabled this action');
    expect(screen.names('button')).toEqual([]);
  });
});
