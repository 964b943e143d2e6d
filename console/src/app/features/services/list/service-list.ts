import { Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatSelectModule } from '@angular/material/select';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { CapsuleServiceStatus, HealthStatus, Runtime, type CapsuleService } from '#contracts';
import { listQuery } from '../../../core/list/list-query';
import { PageHeader } from '../../../shared/layout/page-header';
import { EmptyState } from '../../../shared/states/empty-state';
import { StatusBadge } from '../../../shared/status/status-badge';
import { DataTable, TableCell, type TableColumn } from '../../../shared/table/data-table';
import { SearchField } from '../../../shared/table/search-field';
import { Now } from '../../../shared/time/now';
import { RelativeTime } from '../../../shared/time/relative-time';
import { HealthBar } from '../health/health-bar';
import { stripSegments, type HealthSegment } from '../health/health-segments';
import { ServicesApi } from '../services-api';

const HALF_HOUR_MS = 1_800_000;

const COLUMNS: readonly TableColumn[] = [
  { key: 'name', label: 'services.name', sort: 'name' },
  { key: 'status', label: 'common.status' },
  { key: 'health', label: 'services.health', wide: true },
  { key: 'strip', label: 'services.last24h', wide: true },
  { key: 'version', label: 'services.version', wide: true },
  { key: 'agent', label: 'services.agent', wide: true },
  { key: 'reported', label: 'services.reported', sort: 'lastReportedAt' },
];

/** All services, filtered by the URL. */
@Component({
  selector: 'ops-service-list',
  templateUrl: './service-list.html',
  styleUrl: './service-list.scss',
  imports: [
    DataTable,
    EmptyState,
    HealthBar,
    MatButton,
    MatFormFieldModule,
    MatSelectModule,
    MatSlideToggle,
    PageHeader,
    RelativeTime,
    RouterLink,
    SearchField,
    StatusBadge,
    TableCell,
    TranslocoPipe,
  ],
})
export class ServiceList {
  readonly #api = inject(ServicesApi);
  readonly #now = inject(Now);
  protected readonly columns = COLUMNS;
  protected readonly statuses = Object.values(CapsuleServiceStatus);
  protected readonly healthStatuses = Object.values(HealthStatus);
  protected readonly runtimes = Object.values(Runtime);
  protected readonly query = listQuery({
    page: 1,
    sort: 'name',
    q: '',
    status: [] as readonly string[],
    healthStatus: [] as readonly string[],
    runtime: [] as readonly string[],
    agentId: '',
    includeRetired: '',
  });
  protected readonly services = this.#api.list(this.query.search);

  readonly #rows = computed(() => this.services.value()?.data ?? []);
  /** The strips are of these rows, as healthy as they are, in this half hour; else they are read again. */
  readonly #stripsOf = computed(() =>
    JSON.stringify([
      this.#rows().map(({ id, healthSince }) => [id, healthSince]),
      Math.floor(this.#now.ms() / HALF_HOUR_MS),
    ]),
  );
  readonly #strips = this.#api.healthStrips(
    computed(() => {
      const [rows] = JSON.parse(this.#stripsOf()) as [readonly [CapsuleService['id'], string | null][]];
      return rows.map(([id]) => id);
    }),
  );
  protected readonly segments = computed<ReadonlyMap<string, readonly HealthSegment[]>>(
    () => new Map((this.#strips.value() ?? []).map((strip) => [strip.serviceId, stripSegments(strip, HALF_HOUR_MS)])),
  );
  /** Named by its id until one of its services is there to name it. */
  protected readonly agentName = computed(() => this.#rows()[0]?.agentName ?? this.query.value().agentId);

  protected readonly linkOf = (service: CapsuleService): string => `/services/${service.id}`;
  /** Rows come to the templates untyped. */
  protected readonly service = (row: unknown): CapsuleService => row as CapsuleService;
}
