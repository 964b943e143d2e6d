import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatMenuModule } from '@angular/material/menu';
import { AUDIT_EXPORT_FORMATS } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { AuditApi } from '../audit-api';

/** Downloads the filtered events in a chosen format. */
@Component({
  selector: 'ops-audit-export',
  templateUrl: './export-menu.html',
  imports: [MatButton, MatIcon, MatMenuModule, TextPipe],
})
export class AuditExport {
  /** As the API takes them. */
  readonly filters = input.required<string>();
  readonly #api = inject(AuditApi);
  protected readonly links = computed(() =>
    AUDIT_EXPORT_FORMATS.map((format) => ({ format, url: this.#api.exportUrl(format, this.filters()) })),
  );
}
