import { Component, inject } from '@angular/core';
import { MatRadioModule } from '@angular/material/radio';
import { Language, LANGUAGES } from '../../../core/i18n/i18n';
import { TextPipe } from '../../../core/i18n/texts';
import { Theme, THEMES } from '../../../core/theme/theme';

/** Language and theme, for this browser. */
@Component({
  selector: 'ops-appearance',
  templateUrl: './appearance.html',
  styleUrls: ['../section.scss', './appearance.scss'],
  imports: [MatRadioModule, TextPipe],
})
export class Appearance {
  protected readonly language = inject(Language);
  protected readonly theme = inject(Theme);
  protected readonly languages = LANGUAGES;
  protected readonly themes = THEMES;
}
