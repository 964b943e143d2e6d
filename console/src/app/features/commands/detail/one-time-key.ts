import { Component, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { TextPipe } from '../../../core/i18n/texts';
import { CopyButton } from '../../../shared/copy/copy-button';

/** A one-time key, which is shown only now. */
@Component({
  selector: 'ops-one-time-key',
  template: `
    <h2><mat-icon svgIcon="token" aria-hidden="true" />{{ 'commands.key.title' | transloco }}</h2>
    <p>{{ 'commands.key.text' | transloco }}</p>
    <div class="key">
      <code>{{ value() }}</code>
      <ops-copy-button [text]="value()" />
    </div>
  `,
  styleUrl: './one-time-key.scss',
  imports: [CopyButton, MatIcon, TextPipe],
  host: { role: 'alert' },
})
export class OneTimeKey {
  readonly value = input.required<string>();
}
