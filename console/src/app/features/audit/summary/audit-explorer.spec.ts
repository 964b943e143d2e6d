import type { AuditSummary } from '#contracts';
import { settled, type Backend } from '../../../../testing/backend';
import { anAuditEvent, anAuditSummary, NOW } from '../../../../testing/builders';
import type { Screen } from '../../../../testing/console';
import { address, visit } from '../../../../testing/visit';
import { auditRoutes } from '../audit.routes';

const EVENTS = '/api/admin/audit-events';
const SUMMARY = `${EVENTS}/summary`;
const WIDTH = 200;

const HOURS = ['2026-05-04T08:00:00.000Z', '2026-05-04T09:00:00.000Z'] as const;

const counted: AuditSummary = anAuditSummary({
  total: 1_012,
  histogram: [
    { at: HOURS[0], count: 1_000, failures: 0 },
    { at: HOURS[1], count: 12, failures: 3 },
  ],
  actions: ['agent.revoked', 'agent.disabled', 'agent.enabled', 'user.created', 'user.updated', 'session.logout']
    .map((value, i) => ({ value: value as 'agent.revoked', count: 100 - i }))
    .concat({ value: 'command.created' as 'agent.revoked', count: 1 }),
  targetTypes: [{ value: 'Agent', count: 1_012 }],
  results: [
    { value: 'SUCCESS', count: 1_009 },
    { value: 'FAILURE', count: 3 },
  ],
  actors: [
    { actorType: 'USER', actorId: 'usr_1', actorName: 'kim', count: 1_000 },
    { actorType: 'USER', actorId: null, actorName: null, count: 12 },
  ],
});

const open = async (url = '/audit', summary = counted) => {
  const visited = await visit(url, [{ path: 'audit', children: auditRoutes }], 'viewer');
  const { request } = await visited.backend.answer(SUMMARY, summary);
  await visited.backend.answerPage(EVENTS, [anAuditEvent()]);
  return { ...visited, asked: new URL(request.url, 'http://console').searchParams };
};

const query = (): Record<string, string> => Object.fromEntries(new URL(address(), 'http://console').searchParams);

const chartOf = (screen: Screen): HTMLElement => {
  const chart = screen.one('[role=slider]');
  chart.getBoundingClientRect = () => new DOMRect(0, 0, WIDTH, 72);
  return chart;
};

/** As far as jsdom has pointers. */
const point = async (chart: HTMLElement, type: string, clientX: number): Promise<void> => {
  chart.dispatchEvent(new MouseEvent(type, { bubbles: true, clientX, button: 0 }));
  await settled();
};

const readAgain = async (backend: Backend, events = [anAuditEvent()]): Promise<void> => {
  await backend.answer(SUMMARY, counted);
  await backend.answerPage(EVENTS, events);
};

describe('the audit at a glance', () => {
  it('asks for the counts of what is filtered, from the first event on', async () => {
    const { asked } = await open('/audit?action=agent.revoked&result=FAILURE&page=2&sort=createdAt');
    expect(Object.fromEntries(asked)).toEqual({ action: 'agent.revoked', result: 'FAILURE', all: 'true' });
  });

  it('asks for the counts of the last hour only', async () => {
    const { asked } = await open('/audit?range=hour');
    const age = (Date.now() - Date.parse(asked.get('from') ?? '')) / 60_000;
    expect(Math.round(age)).toBe(60);
  });

  it('says how many there were in all, and of a stretch that is pointed at', async () => {
    const { screen } = await open();
    expect(screen.one('.reading').textContent).toContain('events: 1,012, failures: 3');
    const chart = chartOf(screen);
    await point(chart, 'pointermove', WIDTH - 10);
    expect(screen.one('.reading').textContent).toContain('events: 12, failures: 3');
    await point(chart, 'pointerleave', 0);
    expect(screen.one('.reading').textContent).toContain('events: 1,012');
  });

  it('narrows the time to what is dragged over, in the address', async () => {
    const { backend, screen } = await open('/audit?page=2');
    const chart = chartOf(screen);
    await point(chart, 'pointerdown', WIDTH - 10);
    await point(chart, 'pointermove', 10);
    await point(chart, 'pointerup', 10);
    expect(query()).toEqual({ range: 'custom', from: HOURS[0], to: NOW });
    await readAgain(backend);
    await screen.click('Show all times');
    expect(address()).toBe('/audit');
  });

  it('narrows the time to a stretch that is clicked, and to none that the pointer is taken away from', async () => {
    const { screen } = await open();
    const chart = chartOf(screen);
    await point(chart, 'pointerdown', 10);
    await point(chart, 'pointercancel', 10);
    expect(address()).toBe('/audit');
    await point(chart, 'pointerdown', 10);
    await point(chart, 'pointerup', 10);
    expect(query()).toEqual({ range: 'custom', from: HOURS[0], to: HOURS[1] });
  });

  it('is picked from with the keyboard, and says what is picked', async () => {
    const { screen } = await open();
    const chart = chartOf(screen);
    await screen.press('ArrowLeft', chart);
    expect(chart.getAttribute('aria-valuetext')).toContain('events: 12, failures: 3');
    expect(chart.getAttribute('aria-valuenow')).toBe('1');
    await screen.press('Escape', chart);
    await screen.press('Enter', chart);
    expect(address()).toBe('/audit');
    await screen.press('ArrowRight', chart);
    await screen.press('Enter', chart);
    expect(query()).toEqual({ range: 'custom', from: HOURS[0], to: HOURS[1] });
  });

  it('stands as a table, too', async () => {
    const { screen } = await open();
    expect(screen.texts('ops-audit-histogram tbody td')).toEqual(['1,000', '0', '12', '3']);
    screen.all('ops-audit-histogram tbody button')[1]?.click();
    await settled();
    expect(query()).toEqual({ range: 'custom', from: HOURS[1], to: NOW });
  });

  it('says so when not all could be counted', async () => {
    const { screen } = await open('/audit', { ...counted, coveredFrom: HOURS[1] });
    expect(screen.text).toContain('Only the newest 1,012 events are counted.');
  });

  it('says what failed, beside a list that is there, and tries again', async () => {
    const visited = await visit('/audit', [{ path: 'audit', children: auditRoutes }], 'viewer');
    await visited.backend.refuse(SUMMARY, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    await visited.backend.answerPage(EVENTS, [anAuditEvent()]);
    expect(visited.screen.one('.overview [role=alert]').textContent).toContain('The database is away.');
    expect(visited.screen.all('tbody tr')).toHaveLength(1);
    await visited.screen.click('Try again');
    await visited.backend.answer(SUMMARY, counted);
    expect(visited.screen.one('.reading').textContent).toContain('1,012');
  });
});

describe('what the events have in common', () => {
  const facet = (screen: Screen, text: string): HTMLElement => {
    const found = screen.all('ops-audit-facets button').find(({ textContent }) => textContent.includes(text));
    if (!found) throw new Error(`There is no ${text}.`);
    return found;
  };

  it('is counted, and filters with a click', async () => {
    const { backend, screen } = await open();
    expect(screen.texts('ops-audit-facets h3')).toEqual(['Action', 'Who', 'Target', 'Result']);
    expect(facet(screen, 'Failure').textContent).toContain('3');
    facet(screen, 'Failure').click();
    await settled();
    expect(query()).toEqual({ result: 'FAILURE' });
    await readAgain(backend);
    expect(facet(screen, 'Failure').getAttribute('aria-pressed')).toBe('true');
    facet(screen, 'kim').click();
    await settled();
    await readAgain(backend);
    facet(screen, 'Agent revoked').click();
    await settled();
    await readAgain(backend);
    expect(query()).toEqual({ result: 'FAILURE', actorId: 'usr_1', action: 'agent.revoked' });
    facet(screen, 'kim').click();
    await settled();
    expect(query()).toEqual({ result: 'FAILURE', action: 'agent.revoked' });
  });

  it('does not offer to filter by somebody unknown', async () => {
    const { screen } = await open();
    expect(screen.one('ops-audit-facets .other').textContent).toContain('somebody unknown');
  });

  it('shows the most frequent first, and the others when asked', async () => {
    const { screen } = await open();
    expect(screen.all('[aria-labelledby=facet-action] li')).toHaveLength(6);
    await screen.click('Show more (1)');
    expect(screen.all('[aria-labelledby=facet-action] li')).toHaveLength(7);
  });
});
