import { Component, computed, inject, input, linkedSignal } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import type { AuditSummary } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { AuditSentences } from '../../../shared/audit/audit-sentences';
import { NumberPipe } from '../../../shared/format/number';
import type { ListQuery } from '../../../shared/list/list-query';
import type { AuditQuery } from '../audit-filters';
import { facetGroups, toggled, type FacetGroup } from './facet-groups';

/** How many values of a group are shown at first. */
const FIRST = 6;

/** Counts of common values; a click filters by one. */
@Component({
  selector: 'ops-audit-facets',
  templateUrl: './audit-facets.html',
  styleUrl: './audit-facets.scss',
  imports: [MatIcon, NumberPipe, TextPipe],
})
export class AuditFacets {
  readonly summary = input.required<AuditSummary>();
  readonly query = input.required<ListQuery<AuditQuery>>();
  readonly #sentences = inject(AuditSentences);

  protected readonly groups = computed(() =>
    facetGroups(this.summary(), this.query().value(), this.#sentences).filter(({ values }) => values.length > 0),
  );
  /** The groups that are expanded, until the filters change. */
  readonly #whole = linkedSignal<AuditQuery, ReadonlySet<string>>({
    source: () => this.query().value(),
    computation: () => new Set(),
  });

  protected valuesOf({ field, values }: FacetGroup): FacetGroup['values'] {
    return this.#whole().has(field) ? values : values.slice(0, FIRST);
  }

  protected hiddenOf(group: FacetGroup): number {
    return group.values.length - this.valuesOf(group).length;
  }

  protected showWhole({ field }: FacetGroup): void {
    this.#whole.update((whole) => new Set([...whole, field]));
  }

  protected toggle({ field }: FacetGroup, value: string): void {
    this.query().set(toggled(this.query().value(), field, value));
  }
}
