import { Component, computed, inject, input, output, signal } from '@angular/core';
import { MatAutocompleteModule } from '@angular/material/autocomplete';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { TranslocoPipe } from '@jsverse/transloco';
import { AUDIT_ACTIONS, AuditActorType } from '#contracts';
import { AuditSentences } from '../../../shared/audit/audit-sentences';

const NOTHING = (): string => '';

/** Finds an audited action by part of what it is called, in words or by its code. */
@Component({
  selector: 'ops-audit-action-filter',
  template: `<mat-form-field appearance="outline" subscriptSizing="dynamic">
    <mat-label>{{ 'audit.action' | transloco }}</mat-label>
    <input #field matInput type="text" [matAutocomplete]="panel" (input)="text.set(field.value)" />
    <mat-autocomplete
      #panel
      hideSingleSelectionIndicator
      panelWidth="min(440px, 92vw)"
      [displayWith]="nothing"
      (optionSelected)="chosen.emit($event.option.value)"
      (closed)="text.set((field.value = ''))"
    >
      @for (group of groups(); track group.type) {
        <mat-optgroup [label]="'audit.actorTypes.' + group.type | transloco">
          @for (action of group.actions; track action) {
            <mat-option [value]="action">
              {{ sentences.actionOf(action) }} <code class="ops-muted">{{ action }}</code>
            </mat-option>
          }
        </mat-optgroup>
      } @empty {
        <mat-option disabled>{{ 'audit.noAction' | transloco }}</mat-option>
      }
    </mat-autocomplete>
  </mat-form-field>`,
  styleUrl: '../../../shared/list/filter-field.scss',
  imports: [MatAutocompleteModule, MatFormFieldModule, MatInput, TranslocoPipe],
})
export class AuditActionFilter {
  /** Not offered: they are chosen already. */
  readonly without = input.required<readonly string[]>();
  readonly chosen = output<string>();
  protected readonly sentences = inject(AuditSentences);
  protected readonly text = signal('');
  /** What is chosen does not stay in the field: the next one is looked for there. */
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
