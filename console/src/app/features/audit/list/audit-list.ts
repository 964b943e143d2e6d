import { Component, computed, inject, linkedSignal, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import type { AuditEvent, AuditEventId } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import type { Due } from '../../../core/live/refresh';
import { IfRole } from '../../../core/session/if-role';
import { AuditSentences } from '../../../shared/audit/audit-sentences';
import { NumberPipe } from '../../../shared/format/number';
import { RelativeTime } from '../../../shared/format/relative-time';
import { PageHeader } from '../../../shared/layout/page-header';
import { TableCell, TableRowDetail } from '../../../shared/list/cells';
import { DataTable, type TableColumn } from '../../../shared/list/data-table';
import { ListEmpty } from '../../../shared/list/list-empty';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { StatusBadge } from '../../../shared/status/status-badge';
import { AuditApi } from '../audit-api';
import { auditFilters, type AuditQuery } from '../audit-filters';
import { AuditEventDetail } from '../detail/audit-event-detail';
import { AuditExport } from '../export/export-menu';
import { AuditFilterBar } from '../filters/audit-filter-bar';
import { auditCounts } from '../summary/audit-counts';
import { AuditFacets } from '../summary/audit-facets';
import { AuditHistogram } from '../summary/audit-histogram';
import type { TimeRange } from '../summary/time-range';
import { VerifyBadge } from '../verify/verify-badge';
import { nextReading, type AuditReading } from './audit-schedule';

const COLUMNS: readonly TableColumn[] = [
  { key: 'what', label: 'audit.what' },
  { key: 'who', label: 'audit.who', wide: true },
  { key: 'when', label: 'audit.when', sort: 'createdAt' },
  { key: 'result', label: 'audit.result' },
  { key: 'address', label: 'audit.address', wide: true },
];

const ACTOR_ICONS = { USER: 'account', AGENT: 'agent', SYSTEM: 'settings' } as const;

/** The audit events in sentences, with filters, counts and export. */
@Component({
  selector: 'ops-audit-list',
  templateUrl: './audit-list.html',
  styleUrl: './audit-list.scss',
  imports: [
    AuditEventDetail,
    AuditExport,
    AuditFacets,
    AuditFilterBar,
    AuditHistogram,
    DataTable,
    FailedState,
    IfRole,
    ListEmpty,
    MatButton,
    MatIcon,
    NumberPipe,
    PageHeader,
    RelativeTime,
    Skeleton,
    StatusBadge,
    TableCell,
    TableRowDetail,
    TextPipe,
    VerifyBadge,
  ],
})
export class AuditList {
  readonly #api = inject(AuditApi);
  protected readonly columns = COLUMNS;
  protected readonly icons = ACTOR_ICONS;
  protected readonly sentences = inject(AuditSentences);
  /** Counts the moves of a moving range: each asks for the list at another address. */
  readonly #moves = signal(0);
  protected readonly filters = auditFilters(this.#moves, () => this.isHeld());
  /** Another page or filter shows other events, all closed. */
  readonly #open = linkedSignal<AuditQuery, ReadonlySet<AuditEventId>>({
    source: this.filters.query.value,
    computation: () => new Set(),
  });
  /** New events would move what is being read. */
  protected readonly isHeld = computed(() => this.#open().size > 0);
  protected readonly events = this.#api.list(this.filters.search, {
    live: (why) => this.#next(why) === 'list',
    identity: this.filters.identity,
  });
  protected readonly shown = computed(() => this.events.value()?.data ?? []);
  readonly #counts = auditCounts(this.#api, this.filters, this.shown);
  protected readonly summary = this.#counts.summary;
  /** On screens without room beside the list. */
  protected readonly areFacetsOpen = signal(false);
  protected readonly isOpen = (event: AuditEvent): boolean => this.#open().has(event.id);

  constructor() {
    this.#api.follow((why) => {
      const next = this.#next(why);
      if (next === 'counts') this.#counts.readAgain();
      if (next === 'moved list') this.#moves.update((count) => count + 1);
    });
  }

  #next(why: Due): AuditReading | null {
    return nextReading(why, {
      isHeld: this.isHeld,
      isMoving: this.filters.isMoving,
      page: () => this.filters.query.value().page,
      areCountsBehind: this.#counts.areBehind,
    });
  }

  protected narrow({ from, to }: TimeRange): void {
    this.filters.query.set({ range: 'custom', from, to });
  }

  protected widen(): void {
    this.filters.query.set({ range: 'any', from: '', to: '' });
  }

  protected toggle({ id }: AuditEvent): void {
    this.#open.update((open) => {
      const next = new Set(open);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }
}
