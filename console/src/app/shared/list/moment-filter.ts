import { Component, computed, input, output } from '@angular/core';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { fromLocalInput, toLocalInput } from '../format/local-instant';

/** A filter by an instant, edited in this browser's time zone; empty for no filter. */
@Component({
  selector: 'ops-moment-filter',
  template: `<mat-form-field appearance="outline" subscriptSizing="dynamic">
    <mat-label>{{ label() }}</mat-label>
    <input #field matInput type="datetime-local" [value]="local()" (change)="chosen(field.value)" />
  </mat-form-field>`,
  styleUrl: './filter-field.scss',
  imports: [MatFormFieldModule, MatInput],
})
export class MomentFilter {
  readonly label = input.required<string>();
  /** An instant, or empty. */
  readonly value = input.required<string>();
  readonly changed = output<string>();
  protected readonly local = computed(() => toLocalInput(this.value()));

  protected chosen(text: string): void {
    this.changed.emit(fromLocalInput(text) ?? '');
  }
}
