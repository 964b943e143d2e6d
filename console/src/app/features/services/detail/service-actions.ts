import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import type { CapsuleServiceDetail } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { Session } from '../../../core/session/session';
import { EmptyState } from '../../../shared/states/empty-state';
import { StatusBadge } from '../../../shared/status/status-badge';
import { groupActions } from './action-groups';

/** The actions of a service, by category. */
@Component({
  selector: 'ops-service-actions',
  templateUrl: './service-actions.html',
  styleUrl: './service-actions.scss',
  imports: [EmptyState, MatButton, MatIcon, RouterLink, StatusBadge, TextPipe],
})
export class ServiceActions {
  readonly service = input.required<CapsuleServiceDetail>();
  readonly #session = inject(Session);
  protected readonly canRun = computed(() => this.#session.allows('operator'));
  protected readonly groups = computed(() => groupActions(this.service().actions));
  /** The server refuses commands for an offline agent. */
  protected readonly isReachable = computed(
    () => this.service().agentStatus === 'ONLINE' && !this.service().agentSilent && this.service().retiredAt === null,
  );
}
