import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { TextKey } from '../../../core/i18n/text-key';
import { TextPipe } from '../../../core/i18n/texts';
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
import { ReportWarnings } from '../../../shared/warnings/report-warnings';
import { actsFor, AgentActs } from '../agent-acts';
import { AgentsApi } from '../agents-api';
import { AGENT_TAB_NAMES, AGENT_TABS, tabNamed } from './agent-tabs';
import { RefusedRegistration } from './refused-registration';

/** One agent: its facts, and its services, commands and audit in tabs that are in the URL. */
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
    RefusedRegistration,
    RelatedAudit,
    RelatedCommands,
    RelativeTime,
    ReportWarnings,
    RouterLink,
    Skeleton,
    StatusBadge,
    TabNav,
    TextPipe,
  ],
})
export class AgentDetail {
  /** From the address. */
  readonly id = input.required<string>();
  /** From the address. */
  readonly tab = input<string>();
  protected readonly tabs = AGENT_TABS;
  protected readonly tabNames = AGENT_TAB_NAMES;
  protected readonly current = computed(() => tabNamed(this.tab()));
  /** Paused while a tab follows a list of its own: one live resource a page. */
  protected readonly agent = inject(AgentsApi).get(this.id, () => this.current() === 'services');
  protected readonly acts = inject(AgentActs);
  protected readonly possibleActs = computed(() => actsFor(this.agent.value()?.status ?? 'REVOKED'));
  /** How the agent may come back, when it is gone. */
  protected readonly goneText = computed<TextKey | null>(() => {
    const status = this.agent.value()?.status;
    return status === 'OFFLINE' || status === 'REVOKED' ? `agents.gone.${status}` : null;
  });
  /** Signs that somebody else has its token; of no more use once it is revoked. */
  protected readonly marks = computed(() => {
    const agent = this.agent.value();
    if (!agent || agent.status === 'REVOKED') return [];
    const { tokenReusedAt, pollsDisplacedAt } = agent;
    return [
      ...(tokenReusedAt ? [{ key: 'agents.marks.tokenReused', at: tokenReusedAt } as const] : []),
      ...(pollsDisplacedAt ? [{ key: 'agents.marks.pollsDisplaced', at: pollsDisplacedAt } as const] : []),
    ];
  });
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
