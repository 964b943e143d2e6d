import { Component, computed, input } from '@angular/core';
import { CopyButton } from '../copy/copy-button';
import { jsonText } from './json-text';

/** A value as indented JSON, with copy. */
@Component({
  selector: 'ops-json-view',
  template: `
    <pre tabindex="0" role="group" [attr.aria-label]="label()"><code>{{ text() }}</code></pre>
    <ops-copy-button [text]="text()" />
  `,
  styleUrl: './json-view.scss',
  imports: [CopyButton],
})
export class JsonView {
  readonly value = input.required<unknown>();
  /** What it is of. */
  readonly label = input.required<string>();
  protected readonly text = computed(() => jsonText(this.value()));
}
