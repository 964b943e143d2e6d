import { Component, computed, inject } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { ServerAway } from './core/recovery/server-away';
import { Session } from './core/session/session';

/** The console, or why it cannot be shown. */
@Component({
  selector: 'ops-root',
  template: `@if (isServerAway()) {
      <ops-server-away />
    } @else {
      <router-outlet />
    }`,
  imports: [RouterOutlet, ServerAway],
})
export class App {
  readonly #session = inject(Session);
  protected readonly isServerAway = computed(() => this.#session.state() === 'unavailable');
}
