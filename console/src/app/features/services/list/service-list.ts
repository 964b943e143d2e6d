import { Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import { RouterLink } from '@angular/router';
import { CapsuleServiceStatus, HealthStatus, Runtime, type CapsuleService } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { Now } from '../../../shared/format/now';
import { RelativeTime } from '../../../shared/format/relative-time';
import { PageHeader } from '../../../shared/layout/page-header';
import { TableCell } from '../../../shared/list/cells';
import { ChoiceFilter } from '../../../shared/list/choice-filter';
import { DataTable, type TableColumn } from '../../../shared/list/data-table';
import { FilterBar } from '../../../shared/list/filter-bar';
import { ListEmpty } from '../../../shared/list/list-empty';
import { listPage } from '../../../shared/list/list-page';
import { SearchField } from '../../../shared/list/search-field';
import { StatusBadge } from '../../../shared/status/status-badge';
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
    ChoiceFilter,
    DataTable,
    FilterBar,
    HealthBar,
    ListEmpty,
    MatButton,
    MatSlideToggle,
    PageHeader,
    RelativeTime,
    RouterLink,
    SearchField,
    StatusBadge,
    TableCell,
    TextPipe,
  ],
})
export class ServiceList {
  readonly #api = inject(ServicesApi);
  readonly #now = inject(Now);
  protected readonly columns = COLUMNS;
  protected readonly statuses = Object.values(CapsuleServiceStatus);
  protected readonly healthStatuses = Object.values(HealthStatus);
  protected readonly runtimes = Object.values(Runtime);
  protected readonly list = listPage({
    defaults: {
      page: 1,
      sort: 'name',
      q: '',
      status: [] as readonly string[],
      healthStatus: [] as readonly string[],
      runtime: [] as readonly string[],
      agentId: [] as readonly string[],
      label: [] as readonly string[],
      includeRetired: '',
    },
    read: (search) => this.#api.list(search),
    chips: {
      agentId: {
        text: 'services.chip.agentId',
        // An agent is named by its id until one of its services is there to name it.
        nameOf: (id, rows) => rows.find(({ agentId }) => agentId === id)?.agentName ?? id,
      },
      label: { text: 'services.chip.label', nameOf: (label) => label },
    },
  });

  /** What the strips depend on: the rows, their health, and the half hour. */
  readonly #stripsOf = computed(() =>
    JSON.stringify([
      this.list.rows().map(({ id, healthSince }) => [id, healthSince]),
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
  protected readonly linkOf = (service: CapsuleService): string => `/services/${service.id}`;
}
