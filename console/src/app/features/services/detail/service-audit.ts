import { Component, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import type { AuditEvent } from '#contracts';
import { listQuery } from '../../../core/list/list-query';
import { AuditSentences } from '../../../shared/audit/audit-sentences';
import { EmptyState } from '../../../shared/states/empty-state';
import { StatusBadge } from '../../../shared/status/status-badge';
import { DataTable, TableCell, type TableColumn } from '../../../shared/table/data-table';
import { RelativeTime } from '../../../shared/time/relative-time';
import { ServicesApi } from '../services-api';

const COLUMNS: readonly TableColumn[] = [
  { key: 'event', label: 'services.audit.event' },
  { key: 'result', label: 'services.audit.result', wide: true },
  { key: 'actor', label: 'services.audit.actor', wide: true },
  { key: 'at', label: 'services.audit.at', sort: 'createdAt' },
];

/** What was done to a service and what it did, newest first. */
@Component({
  selector: 'ops-service-audit',
  templateUrl: './service-audit.html',
  styleUrl: './service-lists.scss',
  imports: [DataTable, EmptyState, RelativeTime, RouterLink, StatusBadge, TableCell, TranslocoPipe],
})
export class ServiceAudit {
  readonly serviceId = input.required<string>();
  protected readonly sentences = inject(AuditSentences);
  protected readonly columns = COLUMNS;
  protected readonly query = listQuery({ page: 1, sort: '-createdAt' });
  protected readonly events = inject(ServicesApi).auditOf(this.serviceId, this.query.search);
  /** Rows come to the templates untyped. */
  protected readonly event = (row: unknown): AuditEvent => row as AuditEvent;
}
