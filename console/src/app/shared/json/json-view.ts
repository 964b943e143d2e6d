import { Component, computed, input } from '@angular/core';
import { TextPipe } from '../../core/i18n/texts';
import { CopyButton } from '../copy/copy-button';
import { jsonText } from './json-text';

/** A value as indented JSON, with a copy button. */
@Component({
  selector: 'ops-json-view',
  template: `
    <pre
      tabindex="0"
      role="group"
      [attr.aria-label]="label() ?? ('common.rawJson' | transloco)"
    ><code>{{ text() }}</code></pre>
    <ops-copy-button [text]="text()" />
  `,
  styleUrl: './json-view.scss',
  imports: [CopyButton, TextPipe],
})
export class JsonView {
  readonly value = input.required<unknown>();
  /** What the value is, for screen readers. */
  readonly label = input<string>();
  protected readonly text = computed(() => jsonText(this.value()));
}
