import { Component, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Command } from '#contracts';
import { Language } from '../../core/i18n/i18n';
import { TextPipe } from '../../core/i18n/texts';
import { ActionName } from '../commands/action-name';
import { formatDuration } from '../format/duration';
import { RelativeTime } from '../format/relative-time';
import { TableCell } from '../list/cells';
import { DataTable, type TableColumn } from '../list/data-table';
import { listQuery } from '../list/list-query';
import { EmptyState } from '../states/empty-state';
import { StatusBadge } from '../status/status-badge';
import { RelatedApi, type CommandsOf } from './related-api';

const COLUMNS: readonly TableColumn[] = [
  { key: 'action', label: 'related.commands.action' },
  { key: 'status', label: 'common.status' },
  { key: 'created', label: 'related.commands.created', sort: 'createdAt' },
  { key: 'duration', label: 'services.lasted', wide: true },
  { key: 'by', label: 'related.commands.by', wide: true },
];

/** The commands of a service or an agent, newest first. */
@Component({
  selector: 'ops-related-commands',
  templateUrl: './related-commands.html',
  styleUrl: './related.scss',
  imports: [ActionName, DataTable, EmptyState, RelativeTime, RouterLink, StatusBadge, TableCell, TextPipe],
})
export class RelatedCommands {
  readonly of = input.required<CommandsOf>();
  readonly #language = inject(Language);
  protected readonly columns = COLUMNS;
  protected readonly query = listQuery({ page: 1, sort: '-createdAt' });
  protected readonly commands = inject(RelatedApi).commandsOf(this.of, this.query.search);
  protected readonly linkOf = (command: Command): string => `/commands/${command.id}`;

  protected durationOf({ durationMs }: Command): string {
    return durationMs === null ? '–' : formatDuration(durationMs, this.#language.code());
  }
}
