import { Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Session } from '../../../core/session/session';
import { needsSomeone, SafetyApi } from '../../../shared/safety/safety-api';

/** Leads an owner to what is unsafe about the installation; nothing while nothing is. */
@Component({
  selector: 'ops-safety-hint',
  template: `@if (count() > 0) {
    <a mat-stroked-button routerLink="/settings/safety">
      <mat-icon svgIcon="warning" />{{ 'safety.hint' | transloco: { count: count() } }}
    </a>
  }`,
  imports: [MatButton, MatIcon, RouterLink, TranslocoPipe],
})
export class SafetyHint {
  readonly #session = inject(Session);
  // Read once: it is for another page to follow it.
  readonly #report = inject(SafetyApi).report(
    () => this.#session.allows('owner'),
    () => false,
  );
  protected readonly count = computed(() => this.#report.value()?.findings.filter(needsSomeone).length ?? 0);
}
