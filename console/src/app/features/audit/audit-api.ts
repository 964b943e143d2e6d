import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import type { AuditEvent, AuditExportFormat, AuditSummary, AuditVerification, Page } from '#contracts';
import { liveResource, type LiveOptions, type LiveResource } from '../../core/live/live-resource';
import { Refresh, type Due } from '../../core/live/refresh';

const BASE = '/api/admin/audit-events';

@Injectable({ providedIn: 'root' })
export class AuditApi {
  readonly #http = inject(HttpClient);
  readonly #refresh = inject(Refresh);

  list(search: () => string, options: LiveOptions): LiveResource<Page<AuditEvent>> {
    return liveResource<Page<AuditEvent>>(() => `${BASE}?${search()}`, options);
  }

  /** Read once: an event does not change. */
  get(id: () => string): LiveResource<AuditEvent> {
    return liveResource<AuditEvent>(() => `${BASE}/${encodeURIComponent(id())}`, { once: true });
  }

  /** Read when the filters change and on `reload()`. */
  summary(search: () => string): LiveResource<AuditSummary> {
    return liveResource<AuditSummary>(() => `${BASE}/summary?${search()}`, { once: true });
  }

  /** Takes longer the longer the audit is. @throws ApiError */
  verify(): Promise<AuditVerification> {
    return firstValueFrom(this.#http.get<AuditVerification>(`${BASE}/verify`));
  }

  /** Calls `read` whenever there may be more events. */
  follow(read: (why: Due) => void): void {
    this.#refresh.follow(() => BASE, read);
  }

  /** The address that downloads everything the filters choose. */
  exportUrl(format: AuditExportFormat, filters: string): string {
    const search = new URLSearchParams(filters);
    search.set('format', format);
    return `${BASE}/export?${search.toString()}`;
  }
}
