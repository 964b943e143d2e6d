import { Component, inject } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatMenuModule } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Role, UserStatus, type User } from '#contracts';
import { Session } from '../../../core/session/session';
import { RelativeTime } from '../../../shared/format/relative-time';
import { PageHeader } from '../../../shared/layout/page-header';
import { ChoiceFilter } from '../../../shared/list/choice-filter';
import { DataTable, TableCell, type TableColumn } from '../../../shared/list/data-table';
import { FilterBar } from '../../../shared/list/filter-bar';
import { listQuery } from '../../../shared/list/list-query';
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

/** Who may sign in, and as what. */
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
    TranslocoPipe,
  ],
})
export class UserList {
  readonly #session = inject(Session);
  protected readonly columns = COLUMNS;
  protected readonly roles = Object.values(Role);
  protected readonly statuses = Object.values(UserStatus);
  protected readonly query = listQuery({
    page: 1,
    sort: 'username',
    q: '',
    role: [] as readonly string[],
    status: [] as readonly string[],
  });
  protected readonly users = inject(UsersApi).list(this.query.search);
  protected readonly acts = inject(UserActs);
  /** Rows come to the templates untyped. */
  protected readonly user = (row: unknown): User => row as User;

  protected isSelf({ id }: User): boolean {
    return this.#session.user()?.id === id;
  }
}
