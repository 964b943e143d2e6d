import { TestBed } from '@angular/core/testing';
import type { DetailResult } from '#contracts';
import { aCommand, anAction, NOW } from '../../../../testing/builders';
import { screenOf, signInAs, startConsole } from '../../../../testing/console';
import { address, elsewhere } from '../../../../testing/visit';
import { ResultDetail } from './result-detail';

const open = async (overrides: Partial<DetailResult> = {}) => {
  const backend = startConsole([elsewhere]);
  await signInAs('operator', backend);
  const fixture = TestBed.createComponent(ResultDetail);
  const detail: DetailResult = { title: 'Shelf', data: { id: 7 }, fields: [], ...overrides };
  fixture.componentRef.setInput('detail', detail);
  const context = { serviceId: 'svc_1', serviceName: 'Stock', serviceCode: 'stock', actions: [anAction()] };
  fixture.componentRef.setInput('context', context);
  return { backend, screen: await screenOf(fixture) };
};

describe('ResultDetail', () => {
  it.each([
    ['text', 'plain', 'plain'],
    ['status', 'HEALTHY', 'Healthy'],
    ['boolean', true, 'Yes'],
    ['boolean', false, 'No'],
    ['code', 'a=1', 'a=1'],
    ['duration', 2_400, '2.4 sec'],
    ['bytes', 2_048, '2 kB'],
    ['text', { a: 1 }, '{"a":1}'],
    ['text', 0, '0'],
    ['text', null, '–'],
    ['bytes', 'many', 'many'],
    ['datetime', 'one day', 'one day'],
  ] as const)('shows a value as %s: %p is %s', async (format, value, text) => {
    const { screen } = await open({ data: { value }, fields: [{ key: 'value', label: 'Value', format }] });
    expect(screen.texts('dt')).toEqual(['Value']);
    expect(screen.texts('dd')).toEqual([text]);
  });

  it('shows a time as one', async () => {
    const { screen } = await open({
      data: { at: NOW },
      fields: [{ key: 'at', label: 'At', format: 'relativeTime' }],
    });
    expect(screen.one('dd time').getAttribute('datetime')).toBe(NOW);
  });

  it('shows nothing the service did not send under that name', async () => {
    const { screen } = await open({ fields: [{ key: 'constructor', label: 'Odd' }] });
    expect(screen.texts('dd')).toEqual(['–']);
  });

  it('runs what can be done with it, filled from it', async () => {
    const acts = { actions: [{ label: 'Count', action: 'echo', payload: { shelf: '$row.id' } }] };
    const { backend, screen } = await open(acts);
    await screen.click('Count');
    const path = '/api/admin/capsule-services/svc_1/actions/echo';
    const { request } = await backend.answer(path, aCommand({ id: 'cmd_9' }), 'POST');
    expect(request.body).toEqual({ payload: { shelf: 7 } });
    expect(address()).toBe('/commands/cmd_9');
  });
});
