import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatMenuModule } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import { AgentStatus, type AgentSummary } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { IfRole } from '../../../core/session/if-role';
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
import { actsFor, AgentActs } from '../agent-acts';
import { AgentsApi } from '../agents-api';

const COLUMNS: readonly TableColumn[] = [
  { key: 'name', label: 'agents.name', sort: 'name' },
  { key: 'status', label: 'common.status' },
  { key: 'seen', label: 'agents.lastSeen', sort: 'lastSeenAt' },
  { key: 'mode', label: 'agents.mode', wide: true },
  { key: 'runtime', label: 'agents.runtime', wide: true },
  { key: 'services', label: 'agents.services', wide: true },
  { key: 'acts', label: 'common.actions', isUnnamed: true },
];

@Component({
  selector: 'ops-agent-list',
  templateUrl: './agent-list.html',
  styleUrl: './agent-list.scss',
  imports: [
    ChoiceFilter,
    DataTable,
    FilterBar,
    IfRole,
    ListEmpty,
    MatButton,
    MatIcon,
    MatIconButton,
    MatMenuModule,
    PageHeader,
    RelativeTime,
    RouterLink,
    SearchField,
    StatusBadge,
    TableCell,
    TextPipe,
  ],
})
export class AgentList {
  readonly #api = inject(AgentsApi);
  protected readonly columns = COLUMNS;
  protected readonly statuses = Object.values(AgentStatus);
  protected readonly list = listPage({
    defaults: { page: 1, sort: '-lastSeenAt', q: '', status: [] as readonly string[] },
    read: (search) => this.#api.list(search),
  });
  protected readonly acts = inject(AgentActs);
  protected readonly actsFor = actsFor;
  protected readonly linkOf = (agent: AgentSummary): string => `/agents/${agent.id}`;
}
