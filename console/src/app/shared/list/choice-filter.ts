import { Component, input, output } from '@angular/core';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatSelectModule } from '@angular/material/select';
import type { TextKey } from '../../core/i18n/text-key';
import { TextPipe } from '../../core/i18n/texts';

type TextGroup = 'audit.actorTypes' | 'audit.targetTypes' | 'commands.types' | 'roles' | 'status';

/** The groups of texts that have one for every option. */
type TextsOf<Option extends string> = {
  [Group in TextGroup]: `${Group}.${Option}` extends TextKey ? Group : never;
}[TextGroup];

/** A filter by any of a few values. */
@Component({
  selector: 'ops-choice-filter',
  templateUrl: './choice-filter.html',
  styleUrl: './filter-field.scss',
  imports: [MatFormFieldModule, MatSelectModule, TextPipe],
})
export class ChoiceFilter<Option extends string> {
  readonly label = input.required<string>();
  readonly options = input.required<readonly Option[]>();
  /** Where the texts of the options are; null shows the options themselves. */
  readonly texts = input<TextsOf<Option> | null>(null);
  readonly chosen = input.required<readonly string[]>();
  readonly changed = output<readonly string[]>();

  /** {@link TextsOf} has checked that the text exists; the compiler cannot follow it into the class. */
  protected keyOf(group: string, option: Option): TextKey {
    return `${group}.${option}` as TextKey;
  }
}
