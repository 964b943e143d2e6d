import { Component, inject } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatMenuModule } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import { Role, UserStatus, type User } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { Session } from '../../../core/session/session';
import { RelativeTime } from '../../../shared/format/relative-time';
import { PageHeader } from '../../../shared/layout/page-header';
import { TableCell } from '../../../shared/list/cells';
import { ChoiceFilter } from '../../../shared/list/choice-filter';
import { DataTable, type TableColumn } from '../../../shared/list/data-table';
import { FilterBar } from '../../../shared/list/filter-bar';
import { listPage } from '../../../shared/list/list-page';
import { SearchField } from '../../../shared/list/search-field';
import { EmptyState } from '../../../shared/states/empty-state';
import { StatusBadge } from '../../../shared/status/status-badge';
import { UserActs } from '../user-acts';
import { UsersApi } from '../users-api';

const COLUMNS: readonly TableColumn[] = [
  { key: 'username', label: 'users.username', sort: 'username' },
  { key: 'role', label: 'users.role' },
  { key: 'status', label: 'common.status' },
  { key: 'passkeys', label: 'users.passkeys.column', wide: true },
  { key: 'lastLogin', label: 'users.lastLogin', sort: 'lastLoginAt', wide: true },
  { key: 'created', label: 'users.created', sort: 'createdAt', wide: true },
  { key: 'acts', label: 'common.actions', isUnnamed: true },
];

/** The users and their roles. */
@Component({
  selector: 'ops-user-list',
  templateUrl: './user-list.html',
  styleUrl: './user-list.scss',
  imports: [
    ChoiceFilter,
    DataTable,
    EmptyState,
    FilterBar,
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
export class UserList {
  readonly #api = inject(UsersApi);
  readonly #session = inject(Session);
  protected readonly columns = COLUMNS;
  protected readonly roles = Object.values(Role);
  protected readonly statuses = Object.values(UserStatus);
  protected readonly list = listPage({
    defaults: {
      page: 1,
      sort: 'username',
      q: '',
      role: [] as readonly string[],
      status: [] as readonly string[],
    },
    read: (search) => this.#api.list(search),
  });
  protected readonly acts = inject(UserActs);

  protected isSelf({ id }: User): boolean {
    return this.#session.user()?.id === id;
  }
}
