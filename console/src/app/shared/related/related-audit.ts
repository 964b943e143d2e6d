import { Component, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TextPipe } from '../../core/i18n/texts';
import { AuditSentences } from '../audit/audit-sentences';
import { RelativeTime } from '../format/relative-time';
import { TableCell } from '../list/cells';
import { DataTable, type TableColumn } from '../list/data-table';
import { listQuery } from '../list/list-query';
import { EmptyState } from '../states/empty-state';
import { StatusBadge } from '../status/status-badge';
import { RelatedApi } from './related-api';

const COLUMNS: readonly TableColumn[] = [
  { key: 'event', label: 'related.audit.event' },
  { key: 'result', label: 'related.audit.result', wide: true },
  { key: 'actor', label: 'related.audit.actor', wide: true },
  { key: 'at', label: 'related.audit.at', sort: 'createdAt' },
];

/** The audit events of one thing, newest first. */
@Component({
  selector: 'ops-related-audit',
  templateUrl: './related-audit.html',
  styleUrl: './related.scss',
  imports: [DataTable, EmptyState, RelativeTime, RouterLink, StatusBadge, TableCell, TextPipe],
})
export class RelatedAudit {
  readonly targetId = input.required<string>();
  protected readonly sentences = inject(AuditSentences);
  protected readonly columns = COLUMNS;
  protected readonly query = listQuery({ page: 1, sort: '-createdAt' });
  protected readonly events = inject(RelatedApi).auditOf(this.targetId, this.query.search);
}
