import { Component, inject, input } from '@angular/core';
import { TextPipe } from '../../../core/i18n/texts';
import { AuditSentences } from '../../../shared/audit/audit-sentences';
import { PageHeader } from '../../../shared/layout/page-header';
import { EmptyState } from '../../../shared/states/empty-state';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { StatusBadge } from '../../../shared/status/status-badge';
import { AuditApi } from '../audit-api';
import { AuditEventDetail } from '../detail/audit-event-detail';

/** The page of one event, which never changes. */
@Component({
  selector: 'ops-audit-event-page',
  template: `
    @if (event.isLoading()) {
      <ops-skeleton [lines]="8" />
    }
    @if (event.value(); as shown) {
      <ops-page-header [title]="sentences.of(shown)"><ops-status-badge [status]="shown.result" /></ops-page-header>
      <section class="ops-card"><ops-audit-event-detail isAlone [event]="shown" /></section>
    } @else if (event.error(); as error) {
      <ops-page-header [title]="'nav.audit' | transloco" />
      <section class="ops-card">
        @if (error.code === 'AUDIT_EVENT_NOT_FOUND') {
          <ops-empty-state icon="audit" [title]="'audit.gone' | transloco" [text]="'audit.goneText' | transloco">
            <code>{{ id() }}</code>
          </ops-empty-state>
        } @else {
          <ops-failed-state [error]="error" (retry)="event.reload()" />
        }
      </section>
    }
  `,
  imports: [AuditEventDetail, EmptyState, FailedState, PageHeader, Skeleton, StatusBadge, TextPipe],
})
export class AuditEventPage {
  /** From the address. */
  readonly id = input.required<string>();
  protected readonly sentences = inject(AuditSentences);
  protected readonly event = inject(AuditApi).get(this.id);
}
