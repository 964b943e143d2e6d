import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatMenuModule } from '@angular/material/menu';
import { TranslocoPipe } from '@jsverse/transloco';
import { AUDIT_EXPORT_FORMATS } from '#contracts';
import { AuditApi } from '../audit-api';

/** Downloads exactly what is filtered, in the format of one's choice. */
@Component({
  selector: 'ops-audit-export',
  template: `
    <button mat-stroked-button type="button" [matMenuTriggerFor]="menu">
      <mat-icon svgIcon="download" />{{ 'audit.export.act' | transloco }}
    </button>
    <mat-menu #menu>
      @for (link of links(); track link.format) {
        <a mat-menu-item [href]="link.url" [download]="'opstage-audit.' + link.format">
          {{ 'audit.export.' + link.format | transloco }}
        </a>
      }
    </mat-menu>
  `,
  imports: [MatButton, MatIcon, MatMenuModule, TranslocoPipe],
})
export class AuditExport {
  /** As the API takes them. */
  readonly filters = input.required<string>();
  readonly #api = inject(AuditApi);
  protected readonly links = computed(() =>
    AUDIT_EXPORT_FORMATS.map((format) => ({ format, url: this.#api.exportUrl(format, this.filters()) })),
  );
}
