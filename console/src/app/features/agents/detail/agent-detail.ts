import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { IfRole } from '../../../core/session/if-role';
import { PageHeader } from '../../../shared/layout/page-header';
import { EmptyState } from '../../../shared/states/empty-state';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { StatusBadge } from '../../../shared/status/status-badge';
import { RelativeTime } from '../../../shared/time/relative-time';
import { actsFor, AgentActs } from '../agent-acts';
import { AgentsApi } from '../agents-api';

@Component({
  selector: 'ops-agent-detail',
  templateUrl: './agent-detail.html',
  styleUrl: './agent-detail.scss',
  imports: [
    EmptyState,
    FailedState,
    IfRole,
    MatButton,
    PageHeader,
    RelativeTime,
    RouterLink,
    Skeleton,
    StatusBadge,
    TranslocoPipe,
  ],
})
export class AgentDetail {
  /** From the address. */
  readonly id = input.required<string>();
  protected readonly agent = inject(AgentsApi).get(this.id);
  protected readonly acts = inject(AgentActs);
  protected readonly possibleActs = computed(() => actsFor(this.agent.value()?.status ?? 'REVOKED'));
  /** It comes back by itself, or with a registration token made for it. */
  protected readonly isGone = computed(() => ['OFFLINE', 'REVOKED'].includes(this.agent.value()?.status ?? ''));
  protected readonly facts = computed(() => {
    const agent = this.agent.value();
    if (!agent) return [];
    return [
      ['agents.code', agent.code],
      ['agents.mode', agent.mode],
      ['agents.runtime', [agent.runtime, agent.version].filter(Boolean).join(' ')],
      ['agents.host', [agent.hostname, agent.os, agent.arch].filter(Boolean).join(' · ')],
    ] as const;
  });
}
