import { Component, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import type { ApiError } from '../../core/api/api-error';
import { TextPipe } from '../../core/i18n/texts';

/** Says what failed, with the request id and a retry button. */
@Component({
  selector: 'ops-failed-state',
  template: `
    <mat-icon svgIcon="error" aria-hidden="true" />
    <p class="title">{{ 'common.failed' | transloco }}</p>
    <p>{{ error().message }}</p>
    @if (error().requestId; as id) {
      <p class="ops-muted">
        {{ 'common.requestId' | transloco }} <code>{{ id }}</code>
      </p>
    }
    <button mat-stroked-button type="button" (click)="retry.emit()">{{ 'common.retry' | transloco }}</button>
  `,
  imports: [MatButton, MatIcon, TextPipe],
  styleUrl: './state.scss',
  host: { role: 'alert' },
})
export class FailedState {
  readonly error = input.required<ApiError>();
  readonly retry = output();
}
