import type { AuditSummary } from '#contracts';
import type { AuditSentences } from '../../../shared/audit/audit-sentences';
import type { AuditQuery } from '../audit-filters';

type FacetField = 'action' | 'actorId' | 'targetType' | 'result';

export interface FacetValue {
  /** As the filter takes it; null for what cannot be filtered by. */
  readonly value: string | null;
  /** Text, or with `isKey` the key of one. */
  readonly text: string;
  readonly isKey: boolean;
  readonly count: number;
  readonly isChosen: boolean;
}

export interface FacetGroup {
  readonly field: FacetField;
  /** Key of its heading. */
  readonly title: string;
  readonly values: readonly FacetValue[];
}

/** What the counted events have in common, and which of it is filtered by. */
export const facetGroups = (summary: AuditSummary, query: AuditQuery, sentences: AuditSentences): FacetGroup[] => {
  const keyed = (prefix: string, { value, count }: { value: string; count: number }, chosen: readonly string[]) => {
    return { value, text: `${prefix}.${value}`, isKey: true, count, isChosen: chosen.includes(value) };
  };
  return [
    {
      field: 'action',
      title: 'audit.action',
      values: summary.actions.map(({ value, count }) => {
        const isChosen = query.action.includes(value);
        return { value, text: sentences.actionOf(value), isKey: false, count, isChosen };
      }),
    },
    {
      field: 'actorId',
      title: 'audit.who',
      values: summary.actors.map((actor) => ({
        value: actor.actorId,
        text: sentences.actorOf(actor),
        isKey: false,
        count: actor.count,
        isChosen: actor.actorId !== null && query.actorId === actor.actorId,
      })),
    },
    {
      field: 'targetType',
      title: 'audit.targetType',
      values: summary.targetTypes.map((facet) => keyed('audit.targetTypes', facet, query.targetType)),
    },
    {
      field: 'result',
      title: 'audit.result',
      values: summary.results.map((facet) => keyed('status', facet, query.result)),
    },
  ];
};

/** What the query becomes when a value is clicked: filtered by it, or no longer. */
export const toggled = (query: AuditQuery, field: FacetField, value: string): Partial<AuditQuery> => {
  if (field === 'actorId') return { actorId: query.actorId === value ? '' : value };
  const chosen = query[field];
  return { [field]: chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value] };
};
