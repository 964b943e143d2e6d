import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { IfRole } from '../../../core/session/if-role';
import { RelativeTime } from '../../../shared/format/relative-time';
import { PageHeader } from '../../../shared/layout/page-header';
import { TabNav } from '../../../shared/layout/tab-nav';
import { RelatedAudit } from '../../../shared/related/related-audit';
import { RelatedCommands } from '../../../shared/related/related-commands';
import { EmptyState } from '../../../shared/states/empty-state';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { StatusBadge } from '../../../shared/status/status-badge';
import { actsFor, AgentActs } from '../agent-acts';
import { AgentsApi } from '../agents-api';
import { AGENT_TABS, tabNamed } from './agent-tabs';

/** One agent: what it is, and in tabs that the URL names its services, its commands and its audit. */
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
    RelatedAudit,
    RelatedCommands,
    RelativeTime,
    RouterLink,
    Skeleton,
    StatusBadge,
    TabNav,
    TranslocoPipe,
  ],
})
export class AgentDetail {
  /** From the address. */
  readonly id = input.required<string>();
  /** From the address. */
  readonly tab = input<string>();
  protected readonly tabs = AGENT_TABS;
  protected readonly current = computed(() => tabNamed(this.tab()));
  /** Rests while a tab follows a list of its own: one live reading a page. */
  protected readonly agent = inject(AgentsApi).get(this.id, () => this.current() === 'services');
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
