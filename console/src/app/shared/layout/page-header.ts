import { Component, input } from '@angular/core';

/** The heading of a page, with its acts, as content, on the right. */
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
  readonly title = input.required<string>();
  readonly subtitle = input<string>();
}
