import { Component, inject } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatMenuModule } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import { CommandStatus, CommandType, type Command } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { IfRole } from '../../../core/session/if-role';
import { prefillParam } from '../../../shared/acts/prefill';
import { ActionName } from '../../../shared/commands/action-name';
import { Duration } from '../../../shared/format/duration';
import { RelativeTime } from '../../../shared/format/relative-time';
import { PageHeader } from '../../../shared/layout/page-header';
import { TableCell } from '../../../shared/list/cells';
import { ChoiceFilter } from '../../../shared/list/choice-filter';
import { DataTable, type TableColumn } from '../../../shared/list/data-table';
import { FilterBar } from '../../../shared/list/filter-bar';
import { ListEmpty } from '../../../shared/list/list-empty';
import { listPage } from '../../../shared/list/list-page';
import { MomentFilter } from '../../../shared/list/moment-filter';
import { SearchField } from '../../../shared/list/search-field';
import { StatusBadge } from '../../../shared/status/status-badge';
import { CommandActs } from '../command-acts';
import { actsFor, COMMAND_ACTS } from '../command-rules';
import { CommandsApi } from '../commands-api';

const COLUMNS: readonly TableColumn[] = [
  { key: 'action', label: 'commands.action' },
  { key: 'status', label: 'common.status' },
  { key: 'service', label: 'commands.service', wide: true },
  { key: 'created', label: 'commands.created', sort: 'createdAt' },
  { key: 'completed', label: 'commands.completed', sort: 'completedAt', wide: true },
  { key: 'duration', label: 'commands.duration', wide: true },
  { key: 'by', label: 'commands.by', wide: true },
  { key: 'acts', label: 'commands.acts', isUnnamed: true },
];

@Component({
  selector: 'ops-command-list',
  templateUrl: './command-list.html',
  styleUrl: './command-list.scss',
  imports: [
    ActionName,
    ChoiceFilter,
    DataTable,
    Duration,
    FilterBar,
    IfRole,
    ListEmpty,
    MatButton,
    MatIcon,
    MatIconButton,
    MatMenuModule,
    MomentFilter,
    PageHeader,
    RelativeTime,
    RouterLink,
    SearchField,
    StatusBadge,
    TableCell,
    TextPipe,
  ],
})
export class CommandList {
  readonly #api = inject(CommandsApi);
  protected readonly columns = COLUMNS;
  protected readonly statuses = Object.values(CommandStatus);
  protected readonly types = Object.values(CommandType);
  protected readonly list = listPage({
    defaults: {
      page: 1,
      sort: '-createdAt',
      status: [] as readonly string[],
      // Preparations are behind the filter: nobody asked for them by name.
      type: ['ACTION_EXECUTE'] as readonly string[],
      q: '',
      actionName: [] as readonly string[],
      serviceId: [] as readonly string[],
      agentId: [] as readonly string[],
      from: '',
      to: '',
    },
    read: (search) => this.#api.list(search),
    chips: {
      serviceId: {
        text: 'commands.chip.serviceId',
        nameOf: (id, rows) => rows.find(({ serviceId }) => serviceId === id)?.serviceName ?? id,
      },
      agentId: {
        text: 'commands.chip.agentId',
        nameOf: (id, rows) => rows.find(({ agentId }) => agentId === id)?.agentName ?? id,
      },
      actionName: {
        text: 'commands.chip.actionName',
        nameOf: (name, rows) => rows.find(({ actionName }) => actionName === name)?.actionLabel ?? name,
      },
    },
  });
  protected readonly acts = inject(CommandActs);
  protected readonly allActs = COMMAND_ACTS;
  protected readonly actsFor = actsFor;
  protected readonly linkOf = (command: Command): string => `/commands/${command.id}`;

  protected canRunAgain({ type }: Command): boolean {
    return type === 'ACTION_EXECUTE';
  }

  protected prefillOf({ payload }: Command): { readonly payload: string | null } {
    return { payload: prefillParam(payload) };
  }
}
