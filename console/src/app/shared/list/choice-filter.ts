import { Component, input, output } from '@angular/core';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatSelectModule } from '@angular/material/select';
import { TranslocoPipe } from '@jsverse/transloco';

/** A filter by any of a few values. */
@Component({
  selector: 'ops-choice-filter',
  template: `<mat-form-field appearance="outline" subscriptSizing="dynamic">
    <mat-label>{{ label() }}</mat-label>
    <mat-select multiple [value]="chosen()" (valueChange)="changed.emit($event)">
      @for (option of options(); track option) {
        <mat-option [value]="option">{{ texts() === null ? option : (texts() + '.' + option | transloco) }}</mat-option>
      }
    </mat-select>
  </mat-form-field>`,
  styleUrl: './filter-field.scss',
  imports: [MatFormFieldModule, MatSelectModule, TranslocoPipe],
})
export class ChoiceFilter {
  readonly label = input.required<string>();
  readonly options = input.required<readonly string[]>();
  /** Where the texts of the options are; null shows them as they are. */
  readonly texts = input<string | null>(null);
  readonly chosen = input.required<readonly string[]>();
  readonly changed = output<readonly string[]>();
}
