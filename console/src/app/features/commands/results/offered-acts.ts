import type { Json, JsonObject, RowAction, ServiceAction } from '#contracts';
import { askFor } from '../../../shared/acts/danger-ladder';
import { prefillParam } from '../../../shared/acts/prefill';
import { DETAIL_HINT } from '../../../shared/results/result-shapes';
import { fillRow } from './fill-row';

/** An action of a result, ready for its row. */
export interface OfferedAct {
  readonly label: string;
  readonly action: string;
  readonly payload: JsonObject;
  readonly isDanger: boolean;
  /** Whether one click runs it: its payload is complete and it needs no confirmation. */
  readonly isDirect: boolean;
  /** For the page that runs it. */
  readonly queryParams: { readonly payload: string | null };
  readonly state: { readonly isAskedFor: boolean; readonly note: string | null; readonly detail?: Json };
}

/** The acts of a result, or of one of its rows, that its service still declares and allows. */
export const offeredActs = (
  acts: readonly RowAction[],
  row: JsonObject,
  actions: readonly ServiceAction[],
): readonly OfferedAct[] =>
  acts.flatMap((act) => {
    const declared = actions.find(({ name }) => name === act.action);
    if (declared?.enabled !== true) return [];
    const { [DETAIL_HINT]: detail, ...payload } = fillRow(act.payload ?? {}, row);
    const isAskedFor = act.danger === true || Boolean(act.confirm);
    const offered: OfferedAct = {
      label: act.label,
      action: act.action,
      payload,
      isDanger: act.danger === true || declared.dangerLevel === 'HIGH',
      isDirect: act.payload !== undefined && askFor(declared, isAskedFor) === 'nothing',
      queryParams: { payload: prefillParam(payload) },
      state: {
        isAskedFor,
        ...(detail !== undefined && { detail }),
        note: typeof act.confirm === 'string' ? act.confirm.slice(0, 500) : null,
      },
    };
    return [offered];
  });
