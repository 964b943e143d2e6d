import { Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { TextKey } from '../../core/i18n/text-key';
import { TextPipe } from '../../core/i18n/texts';

/** Tabs of a page. The current one is the query parameter `tab`; the first needs none. */
@Component({
  selector: 'ops-tab-nav',
  templateUrl: './tab-nav.html',
  styleUrl: './tab-nav.scss',
  imports: [RouterLink, TextPipe],
})
export class TabNav {
  /** What the tabs belong to, for screen readers. */
  readonly label = input.required<string>();
  readonly tabs = input.required<readonly string[]>();
  readonly current = input.required<string>();
  /** The names of the tabs. */
  readonly names = input.required<Readonly<Record<string, TextKey>>>();
}
