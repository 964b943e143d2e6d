import { Component, computed, inject } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatButton } from '@angular/material/button';
import { MatChipsModule } from '@angular/material/chips';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';
import { MatMenuModule } from '@angular/material/menu';
import { MatSelectModule } from '@angular/material/select';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { CommandStatus, CommandType, type Command } from '#contracts';
import { listQuery } from '../../../core/list/list-query';
import { IfRole } from '../../../core/session/if-role';
import { ActionName } from '../../../shared/commands/action-name';
import { PageHeader } from '../../../shared/layout/page-header';
import { prefillParam } from '../../../shared/run/prefill';
import { EmptyState } from '../../../shared/states/empty-state';
import { StatusBadge } from '../../../shared/status/status-badge';
import { DataTable, TableCell, type TableColumn } from '../../../shared/table/data-table';
import { SearchField } from '../../../shared/table/search-field';
import { Duration } from '../../../shared/time/duration-text';
import { fromLocalInput, toLocalInput } from '../../../shared/time/local-instant';
import { RelativeTime } from '../../../shared/time/relative-time';
import { CommandActs } from '../command-acts';
import { actsFor } from '../command-rules';
import { CommandsApi } from '../commands-api';

const COLUMNS: readonly TableColumn[] = [
  { key: 'action', label: 'commands.action' },
  { key: 'status', label: 'common.status' },
  { key: 'service', label: 'commands.service', wide: true },
  { key: 'created', label: 'commands.created', sort: 'createdAt' },
  { key: 'completed', label: 'commands.completed', sort: 'completedAt', wide: true },
  { key: 'duration', label: 'commands.duration', wide: true },
  { key: 'by', label: 'commands.by', wide: true },
  { key: 'error', label: 'commands.error', wide: true },
  { key: 'acts', label: 'common.actions' },
];

/** What links filter by, and where a row says what that is called. */
const NAME_OF = { serviceId: 'serviceName', agentId: 'agentName', actionName: 'actionLabel' } as const;
const CHIP_KEYS = ['serviceId', 'agentId', 'actionName'] as const;

/** A filter that came with a link: what it is on, and the value to take out. */
interface Chip {
  readonly key: 'serviceId' | 'agentId' | 'actionName';
  readonly value: string;
  /** Its name as far as it is on the page. */
  readonly name: string;
}

@Component({
  selector: 'ops-command-list',
  templateUrl: './command-list.html',
  styleUrl: './command-list.scss',
  imports: [
    ActionName,
    DataTable,
    Duration,
    EmptyState,
    IfRole,
    MatButton,
    MatChipsModule,
    MatFormFieldModule,
    MatIcon,
    MatIconButton,
    MatInput,
    MatMenuModule,
    MatSelectModule,
    PageHeader,
    RelativeTime,
    RouterLink,
    SearchField,
    StatusBadge,
    TableCell,
    TranslocoPipe,
  ],
})
export class CommandList {
  protected readonly columns = COLUMNS;
  protected readonly statuses = Object.values(CommandStatus);
  protected readonly types = Object.values(CommandType);
  protected readonly query = listQuery({
    page: 1,
    sort: '-createdAt',
    status: [] as readonly string[],
    type: '',
    q: '',
    actionName: [] as readonly string[],
    serviceId: [] as readonly string[],
    agentId: [] as readonly string[],
    from: '',
    to: '',
  });
  protected readonly commands = inject(CommandsApi).list(this.query.search);
  protected readonly acts = inject(CommandActs);
  protected readonly actsFor = actsFor;
  protected readonly toLocal = toLocalInput;
  protected readonly chips = computed<readonly Chip[]>(() => {
    const rows = this.commands.value()?.data ?? [];
    return CHIP_KEYS.flatMap((key) =>
      this.query.value()[key].map((value) => {
        const row = rows.find((one) => one[key] === value);
        return { key, value, name: row?.[NAME_OF[key]] ?? value };
      }),
    );
  });
  protected readonly linkOf = (command: Command): string => `/commands/${command.id}`;
  /** Rows come to the templates untyped. */
  protected readonly command = (row: unknown): Command => row as Command;

  protected remove({ key, value }: Chip): void {
    this.query.set({ [key]: this.query.value()[key].filter((one) => one !== value) });
  }

  protected setRange(edge: 'from' | 'to', text: string): void {
    const instant = fromLocalInput(text) ?? '';
    this.query.set(edge === 'from' ? { from: instant } : { to: instant });
  }

  protected canRunAgain({ type }: Command): boolean {
    return type === 'ACTION_EXECUTE';
  }

  protected prefillOf({ payload }: Command): { readonly payload: string | null } {
    return { payload: prefillParam(payload) };
  }
}
