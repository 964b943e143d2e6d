import { Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { TextPipe } from '../../../core/i18n/texts';
import { Session } from '../../../core/session/session';
import { needsSomeone, SafetyApi } from '../../../shared/safety/safety-api';

/** Tells owners when something about the installation is unsafe. */
@Component({
  selector: 'ops-safety-hint',
  template: `@if (count() > 0) {
    <a mat-stroked-button routerLink="/settings/safety">
      <mat-icon svgIcon="warning" />{{ 'safety.hint' | transloco: { count: count() } }}
    </a>
  }`,
  imports: [MatButton, MatIcon, RouterLink, TextPipe],
})
export class SafetyHint {
  readonly #session = inject(Session);
  // Read once: another page follows it.
  readonly #report = inject(SafetyApi).report(
    () => this.#session.allows('owner'),
    () => false,
  );
  protected readonly count = computed(() => this.#report.value()?.findings.filter(needsSomeone).length ?? 0);
}
