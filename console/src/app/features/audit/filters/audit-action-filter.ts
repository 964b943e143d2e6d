import { Component, computed, inject, input, output, signal } from '@angular/core';
import { MatAutocompleteModule } from '@angular/material/autocomplete';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { AUDIT_ACTIONS, AuditActorType } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { AuditSentences } from '../../../shared/audit/audit-sentences';

const NOTHING = (): string => '';

/** Finds an audit action by part of its name or code. */
@Component({
  selector: 'ops-audit-action-filter',
  templateUrl: './audit-action-filter.html',
  styleUrl: '../../../shared/list/filter-field.scss',
  imports: [MatAutocompleteModule, MatFormFieldModule, MatInput, TextPipe],
})
export class AuditActionFilter {
  /** The chosen ones, which are not offered. */
  readonly without = input.required<readonly string[]>();
  readonly chosen = output<string>();
  protected readonly sentences = inject(AuditSentences);
  protected readonly text = signal('');
  /** The field is cleared after a choice, for the next search. */
  protected readonly nothing = NOTHING;
  protected readonly groups = computed(() =>
    Object.values(AuditActorType)
      .map((type) => ({ type, actions: AUDIT_ACTIONS[type].filter((action) => this.#fits(action)) }))
      .filter(({ actions }) => actions.length > 0),
  );

  #fits(action: string): boolean {
    if (this.without().includes(action)) return false;
    return `${this.sentences.actionOf(action)} ${action}`.toLowerCase().includes(this.text().trim().toLowerCase());
  }
}
