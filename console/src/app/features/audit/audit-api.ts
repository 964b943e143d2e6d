import { HttpClient } from '@angular/common/http';
import { inject, Injectable, type Signal } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import type { AuditEvent, AuditExportFormat, AuditSummary, AuditVerification, Page } from '#contracts';
import { liveResource, type LiveResource } from '../../core/live/live-resource';
import { Refresh, type Due } from '../../core/live/refresh';

const BASE = '/api/admin/audit-events';

@Injectable({ providedIn: 'root' })
export class AuditApi {
  readonly #http = inject(HttpClient);
  readonly #refresh = inject(Refresh);

  list(search: () => string, live: (why: Due) => boolean): LiveResource<Page<AuditEvent>> {
    return liveResource<Page<AuditEvent>>(() => `${BASE}?${search()}`, { live });
  }

  /** Read once: an event does not change. */
  get(id: () => string): LiveResource<AuditEvent> {
    return liveResource<AuditEvent>(() => `${BASE}/${encodeURIComponent(id())}`, { live: () => false });
  }

  /** Read when the filters change, and when it is told to. */
  summary(search: () => string): LiveResource<AuditSummary> {
    return liveResource<AuditSummary>(() => `${BASE}/summary?${search()}`, { live: () => false });
  }

  /** Takes as long as the audit is long. @throws ApiError */
  verify(): Promise<AuditVerification> {
    return firstValueFrom(this.#http.get<AuditVerification>(`${BASE}/verify`));
  }

  /** Changes whenever there may be more events, and `isTaken` lets it. */
  tick(isTaken: (why: Due) => boolean): Signal<number> {
    return this.#refresh.tickOf(() => BASE, isTaken);
  }

  /** The address that downloads everything the filters choose. */
  exportUrl(format: AuditExportFormat, filters: string): string {
    const search = new URLSearchParams(filters);
    search.set('format', format);
    return `${BASE}/export?${search.toString()}`;
  }
}
