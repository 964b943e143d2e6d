import { Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';

/** Leads from part to part of a page; which one is shown stands in the address as `tab`, but for the first. */
@Component({
  selector: 'ops-tab-nav',
  template: `<nav [attr.aria-label]="label()">
    @for (tab of tabs(); track tab) {
      <a
        [routerLink]="[]"
        [queryParams]="{ tab: tab === tabs()[0] ? null : tab }"
        [attr.aria-current]="tab === current() ? 'page' : null"
        >{{ texts() + '.' + tab | transloco }}</a
      >
    }
  </nav>`,
  styleUrl: './tab-nav.scss',
  imports: [RouterLink, TranslocoPipe],
})
export class TabNav {
  /** What the parts are of, for who cannot see it. */
  readonly label = input.required<string>();
  readonly tabs = input.required<readonly string[]>();
  readonly current = input.required<string>();
  /** Where the names of the tabs are among the texts. */
  readonly texts = input.required<string>();
}
