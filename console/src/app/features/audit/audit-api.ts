import { inject, Injectable, type Signal } from '@angular/core';
import type { AuditEvent, AuditExportFormat, Page } from '#contracts';
import { liveResource, type LiveResource } from '../../core/list/live-resource';
import { Refresh } from '../../core/refresh/refresh';

const BASE = '/api/admin/audit-events';

@Injectable({ providedIn: 'root' })
export class AuditApi {
  readonly #refresh = inject(Refresh);

  list(search: () => string, live: () => boolean): LiveResource<Page<AuditEvent>> {
    return liveResource<Page<AuditEvent>>(() => `${BASE}?${search()}`, { live });
  }

  /** Changes whenever there may be more events. */
  tick(): Signal<number> {
    return this.#refresh.tickOf(() => BASE);
  }

  /** The address that downloads everything the filters choose. */
  exportUrl(format: AuditExportFormat, filters: string): string {
    const search = new URLSearchParams(filters);
    search.set('format', format);
    return `${BASE}/export?${search.toString()}`;
  }
}
