import { Injectable } from '@angular/core';
import type { AuditEvent, Command, Page } from '#contracts';
import { liveResource, type LiveResource } from '../../core/live/live-resource';

/** Whose commands: a filter of the list of commands. */
export type CommandsOf = { readonly agentId: string } | { readonly serviceId: string };

/** The commands and audit events of one agent or service. */
@Injectable({ providedIn: 'root' })
export class RelatedApi {
  commandsOf(of: () => CommandsOf, search: () => string): LiveResource<Page<Command>> {
    return liveResource<Page<Command>>(() => `/api/admin/commands?${new URLSearchParams(of())}&${search()}`);
  }

  auditOf(targetId: () => string, search: () => string): LiveResource<Page<AuditEvent>> {
    return liveResource<Page<AuditEvent>>(
      () => `/api/admin/audit-events?${new URLSearchParams({ targetId: targetId() })}&${search()}`,
    );
  }
}
