import { Component, computed, inject, input } from '@angular/core';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatSelectModule } from '@angular/material/select';
import { AuditActorType, AuditResult, AuditTargetType, type AuditEvent } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { targetNameOf } from '../../../shared/audit/audit-names';
import { AuditSentences } from '../../../shared/audit/audit-sentences';
import { ChoiceFilter } from '../../../shared/list/choice-filter';
import { FilterBar, type FilterChip } from '../../../shared/list/filter-bar';
import type { ListQuery } from '../../../shared/list/list-query';
import { MomentFilter } from '../../../shared/list/moment-filter';
import { RANGE_NAMES, type AuditQuery } from '../audit-filters';
import { AuditActionFilter } from './audit-action-filter';

/** The filters of the audit; actions and filters from links are chips. */
@Component({
  selector: 'ops-audit-filter-bar',
  templateUrl: './audit-filter-bar.html',
  styles: `
    mat-form-field {
      flex: 0 1 150px;
    }

    @media (max-width: 720px) {
      mat-form-field {
        flex: 1 1 40%;
      }
    }
  `,
  imports: [AuditActionFilter, ChoiceFilter, FilterBar, MatFormFieldModule, MatSelectModule, MomentFilter, TextPipe],
})
export class AuditFilterBar {
  readonly query = input.required<ListQuery<AuditQuery>>();
  /** The shown events, which know the names of ids. */
  readonly events = input.required<readonly AuditEvent[]>();
  readonly #sentences = inject(AuditSentences);

  protected readonly actorTypes = Object.values(AuditActorType);
  protected readonly results = Object.values(AuditResult);
  protected readonly targetTypes = Object.values(AuditTargetType);
  protected readonly ranges = RANGE_NAMES;
  protected readonly chips = computed<readonly FilterChip[]>(() => {
    const { action, actorId, targetId } = this.query().value();
    return [
      ...action.map((value) => ({ field: 'action' as const, value, name: this.#sentences.actionOf(value) })),
      ...(actorId ? [{ field: 'actorId' as const, value: actorId, name: this.#actorName(actorId) }] : []),
      ...(targetId ? [{ field: 'targetId' as const, value: targetId, name: this.#targetName(targetId) }] : []),
    ].map((chip) => ({ ...chip, text: `audit.chip.${chip.field}` as const }));
  });

  protected add(action: string): void {
    this.query().set({ action: [...this.query().value().action, action] });
  }

  #actorName(id: string): string {
    const event = this.events().find(({ actorId }) => actorId === id);
    return event ? this.#sentences.actorOf(event) : id;
  }

  #targetName(id: string): string {
    const names = this.events()
      .filter(({ targetId }) => targetId === id)
      .map(targetNameOf);
    return names.find((name) => name !== null && name !== id) ?? id;
  }
}
