import { Injectable } from '@angular/core';
import type { AuditEvent, AuditExportFormat, Page } from '#contracts';
import { liveResource, type LiveResource } from '../../core/list/live-resource';

const BASE = '/api/admin/audit-events';

@Injectable({ providedIn: 'root' })
export class AuditApi {
  list(search: () => string, live: () => boolean): LiveResource<Page<AuditEvent>> {
    return liveResource<Page<AuditEvent>>(() => `${BASE}?${search()}`, { live });
  }

  /** The address that downloads everything the filters choose. */
  exportUrl(format: AuditExportFormat, filters: string): string {
    const search = new URLSearchParams(filters);
    search.set('format', format);
    return `${BASE}/export?${search.toString()}`;
  }
}
