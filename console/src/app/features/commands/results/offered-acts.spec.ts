import type { ServiceAction } from '#contracts';
import { offeredActs } from './offered-acts';

const anAction = (overrides: Partial<ServiceAction> = {}): ServiceAction => ({
  id: 'act_1',
  serviceId: 'svc_1',
  name: 'show',
  label: 'Show',
  description: null,
  category: null,
  order: 0,
  dangerLevel: 'LOW',
  requiresConfirmation: false,
  inputSchema: null,
  timeoutSeconds: null,
  enabled: true,
  ...overrides,
});

const act = { label: 'Show it', action: 'show', payload: { id: '$row.id' } };
const row = { id: 7 };

describe('offeredActs', () => {
  it('fills the payload from the row', () => {
    const [offered] = offeredActs([act], row, [anAction()]);
    expect(offered).toMatchObject({ payload: { id: 7 }, isDirect: true, queryParams: { payload: '{"id":7}' } });
  });

  it.each([
    ['has no payload', { ...act, payload: undefined }, {}],
    ['is marked as danger', { ...act, danger: true }, {}],
    ['wants a question', { ...act, confirm: 'Really?' }, {}],
    ['is not of low danger', act, { dangerLevel: 'MEDIUM' }],
    ['must be confirmed', act, { requiresConfirmation: true }],
  ] as const)('does not run at once what %s', (_why, one, declared) => {
    const acts = [
      {
        label: one.label,
        action: one.action,
        ...('danger' in one && { danger: one.danger }),
        ...('confirm' in one && { confirm: one.confirm }),
        ...(one.payload && { payload: one.payload }),
      },
    ];
    expect(offeredActs(acts, row, [anAction(declared)])[0]?.isDirect).toBe(false);
  });

  it('offers nothing that is not declared, or is disabled', () => {
    expect(offeredActs([act], row, [])).toEqual([]);
    expect(offeredActs([act], row, [anAction({ enabled: false })])).toEqual([]);
  });
});
