import type { AuditSummary } from '#contracts';
import type { TextKey } from '../../../core/i18n/text-key';
import type { AuditSentences } from '../../../shared/audit/audit-sentences';
import type { AuditQuery } from '../audit-filters';

type FacetField = 'action' | 'actorId' | 'targetType' | 'result';

export interface FacetValue {
  /** The filter's value; null when it cannot be filtered by. */
  readonly value: string | null;
  /** The key of its text; null when `text` is all there is. */
  readonly key: TextKey | null;
  readonly text: string;
  readonly count: number;
  readonly isChosen: boolean;
}

export interface FacetGroup {
  readonly field: FacetField;
  /** The key of its heading. */
  readonly title: TextKey;
  readonly values: readonly FacetValue[];
}

/** The groups of counted values, and which of them are filtered by. */
export const facetGroups = (summary: AuditSummary, query: AuditQuery, sentences: AuditSentences): FacetGroup[] => {
  const keyed = (key: TextKey, { value, count }: { value: string; count: number }, chosen: readonly string[]) => {
    return { value, key, text: value, count, isChosen: chosen.includes(value) };
  };
  return [
    {
      field: 'action',
      title: 'audit.action',
      values: summary.actions.map(({ value, count }) => {
        const isChosen = query.action.includes(value);
        return { value, text: sentences.actionOf(value), key: null, count, isChosen };
      }),
    },
    {
      field: 'actorId',
      title: 'audit.who',
      values: summary.actors.map((actor) => ({
        value: actor.actorId,
        text: sentences.actorOf(actor),
        key: null,
        count: actor.count,
        isChosen: actor.actorId !== null && query.actorId === actor.actorId,
      })),
    },
    {
      field: 'targetType',
      title: 'audit.targetType',
      values: summary.targetTypes.map((facet) => keyed(`audit.targetTypes.${facet.value}`, facet, query.targetType)),
    },
    {
      field: 'result',
      title: 'audit.result',
      values: summary.results.map((facet) => keyed(`status.${facet.value}`, facet, query.result)),
    },
  ];
};

/** The change of the query when a value is clicked: filters by it, or stops. */
export const toggled = (query: AuditQuery, field: FacetField, value: string): Partial<AuditQuery> => {
  if (field === 'actorId') return { actorId: query.actorId === value ? '' : value };
  const chosen = query[field];
  return { [field]: chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value] };
};
