import { Component, inject } from '@angular/core';
import { MatRadioModule } from '@angular/material/radio';
import { TranslocoPipe } from '@jsverse/transloco';
import { Language, LANGUAGES } from '../../../core/i18n/i18n';
import { Theme, THEMES } from '../../../core/theme/theme';

/** Language and theme, for this browser. */
@Component({
  selector: 'ops-appearance',
  template: `
    <section class="ops-card">
      <p class="ops-muted">{{ 'settings.appearance.text' | transloco }}</p>
      <h2 id="language-title">{{ 'nav.language' | transloco }}</h2>
      <mat-radio-group
        aria-labelledby="language-title"
        [value]="language.code()"
        (change)="language.choose($event.value)"
      >
        @for (one of languages; track one.code) {
          <mat-radio-button [value]="one.code" [attr.lang]="one.code">{{ one.name }}</mat-radio-button>
        }
      </mat-radio-group>
      <h2 id="theme-title">{{ 'nav.theme' | transloco }}</h2>
      <mat-radio-group aria-labelledby="theme-title" [value]="theme.name()" (change)="theme.choose($event.value)">
        @for (name of themes; track name) {
          <mat-radio-button [value]="name">{{ 'nav.themes.' + name | transloco }}</mat-radio-button>
        }
      </mat-radio-group>
    </section>
  `,
  styleUrls: ['../section.scss', './appearance.scss'],
  imports: [MatRadioModule, TranslocoPipe],
})
export class Appearance {
  protected readonly language = inject(Language);
  protected readonly theme = inject(Theme);
  protected readonly languages = LANGUAGES;
  protected readonly themes = THEMES;
}
