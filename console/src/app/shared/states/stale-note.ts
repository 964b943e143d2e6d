import { Component, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import type { ApiError } from '../../core/api/api-error';
import { TextPipe } from '../../core/i18n/texts';

/** Warns that the values on the page are the last known ones, and why they could not be refreshed. */
@Component({
  selector: 'ops-stale-note',
  template: `<mat-icon svgIcon="cloud-off" aria-hidden="true" />{{
      'common.notRefreshed' | transloco: { reason: error().message }
    }}`,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 8px;
      margin: 0 0 12px;
      color: var(--status-warning);
    }

    mat-icon {
      flex: none;
    }
  `,
  imports: [MatIcon, TextPipe],
  host: { role: 'status' },
})
export class StaleNote {
  readonly error = input.required<ApiError>();
}
