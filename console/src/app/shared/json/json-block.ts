import { Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { CopyButton } from '../copy/copy-button';

/** A value as indented JSON, to read and to copy. */
@Component({
  selector: 'ops-json-block',
  template: `<ops-copy-button [text]="text()" />
    <pre tabindex="0" role="region" [attr.aria-label]="label() ?? ('common.rawJson' | transloco)">{{ text() }}</pre>`,
  imports: [CopyButton, TranslocoPipe],
  styleUrl: './json-block.scss',
})
export class JsonBlock {
  readonly value = input.required<unknown>();
  /** What the JSON is of, for who cannot see it. */
  readonly label = input<string>();
  protected readonly text = computed(() => JSON.stringify(this.value(), null, 2));
}
