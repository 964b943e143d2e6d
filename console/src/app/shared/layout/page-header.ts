import { Component, DestroyRef, effect, inject, input } from '@angular/core';
import { PageTitle } from '../../core/shell/title-strategy';

/** The heading of a page, which is also its title, with the page's acts, as content, on the right. */
@Component({
  selector: 'ops-page-header',
  template: `
    <div class="titles">
      <h1>{{ title() }}</h1>
      @if (subtitle(); as more) {
        <p class="ops-muted">{{ more }}</p>
      }
    </div>
    <div class="acts"><ng-content /></div>
  `,
  styleUrl: './page-header.scss',
})
export class PageHeader {
  readonly #pageTitle = inject(PageTitle);
  readonly title = input.required<string>();
  readonly subtitle = input<string>();

  constructor() {
    effect(() => {
      this.#pageTitle.setHeading(this.title());
    });
    inject(DestroyRef).onDestroy(() => {
      this.#pageTitle.setHeading(null);
    });
  }
}
