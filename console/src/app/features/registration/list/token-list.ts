import { Component, inject } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatTooltip } from '@angular/material/tooltip';
import { RouterLink } from '@angular/router';
import { TokenStatus } from '#contracts';
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
import { createDialogOf } from '../create/create-dialog-opener';
import { RegistrationTokensApi } from '../registration-tokens-api';
import { actsFor, TokenActs } from '../token-acts';

const COLUMNS: readonly TableColumn[] = [
  { key: 'name', label: 'common.name', sort: 'name' },
  { key: 'status', label: 'common.status' },
  { key: 'agentCode', label: 'registration.agentCode', wide: true },
  { key: 'expires', label: 'registration.expires', sort: 'expiresAt' },
  { key: 'usedBy', label: 'registration.usedBy', wide: true },
  { key: 'created', label: 'registration.createdAt', sort: 'createdAt', wide: true },
  { key: 'acts', label: 'common.actions', isUnnamed: true },
];

/** The tokens agents register with. */
@Component({
  selector: 'ops-token-list',
  templateUrl: './token-list.html',
  styleUrl: './token-list.scss',
  imports: [
    ChoiceFilter,
    DataTable,
    FilterBar,
    IfRole,
    ListEmpty,
    MatButton,
    MatIcon,
    MatIconButton,
    MatTooltip,
    PageHeader,
    RelativeTime,
    RouterLink,
    SearchField,
    StatusBadge,
    TableCell,
    TextPipe,
  ],
})
export class TokenList {
  readonly #api = inject(RegistrationTokensApi);
  protected readonly columns = COLUMNS;
  protected readonly statuses = Object.values(TokenStatus);
  protected readonly list = listPage({
    defaults: { page: 1, sort: '-createdAt', q: '', status: [] as readonly string[] },
    read: (search) => this.#api.list(search),
  });
  readonly createDialog = createDialogOf(this.list.resource, this.list.query);
  protected readonly acts = inject(TokenActs);
  protected readonly actsFor = actsFor;
}
