import { Component, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import type { Command } from '#contracts';
import { Language } from '../../../core/i18n/i18n';
import { listQuery } from '../../../core/list/list-query';
import { ActionName } from '../../../shared/commands/action-name';
import { EmptyState } from '../../../shared/states/empty-state';
import { StatusBadge } from '../../../shared/status/status-badge';
import { DataTable, TableCell, type TableColumn } from '../../../shared/table/data-table';
import { formatDuration } from '../../../shared/time/duration';
import { RelativeTime } from '../../../shared/time/relative-time';
import { ServicesApi } from '../services-api';

const COLUMNS: readonly TableColumn[] = [
  { key: 'action', label: 'services.commands.action' },
  { key: 'status', label: 'common.status' },
  { key: 'created', label: 'services.commands.created', sort: 'createdAt' },
  { key: 'duration', label: 'services.lasted', wide: true },
  { key: 'by', label: 'services.commands.by', wide: true },
];

/** The commands of a service, newest first. */
@Component({
  selector: 'ops-service-commands',
  templateUrl: './service-commands.html',
  styleUrl: './service-lists.scss',
  imports: [ActionName, DataTable, EmptyState, RelativeTime, RouterLink, StatusBadge, TableCell, TranslocoPipe],
})
export class ServiceCommands {
  readonly serviceId = input.required<string>();
  readonly #language = inject(Language);
  protected readonly columns = COLUMNS;
  protected readonly query = listQuery({ page: 1, sort: '-createdAt' });
  protected readonly commands = inject(ServicesApi).commandsOf(this.serviceId, this.query.search);
  protected readonly linkOf = (command: Command): string => `/commands/${command.id}`;
  /** Rows come to the templates untyped. */
  protected readonly command = (row: unknown): Command => row as Command;

  protected durationOf({ durationMs }: Command): string {
    return durationMs === null ? '–' : formatDuration(durationMs, this.#language.code());
  }
}
