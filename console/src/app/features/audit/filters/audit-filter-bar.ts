import { Component, computed, inject, input } from '@angular/core';
import { MatChipsModule } from '@angular/material/chips';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';
import { MatSelectModule } from '@angular/material/select';
import { TranslocoPipe } from '@jsverse/transloco';
import { AUDIT_ACTIONS, AuditActorType, AuditResult, AuditTargetType, type AuditEvent } from '#contracts';
import type { ListQuery } from '../../../core/list/list-query';
import { targetNameOf } from '../../../shared/audit/audit-names';
import { AuditSentences } from '../../../shared/audit/audit-sentences';
import { RANGE_NAMES, type AuditQuery } from '../audit-filters';
import { toInstant, toLocalInput } from './local-time';

/** The filters of the audit; the ones that came by a link stand as chips to take away. */
@Component({
  selector: 'ops-audit-filter-bar',
  templateUrl: './audit-filter-bar.html',
  styleUrl: './audit-filter-bar.scss',
  imports: [MatChipsModule, MatFormFieldModule, MatIcon, MatInput, MatSelectModule, TranslocoPipe],
})
export class AuditFilterBar {
  readonly query = input.required<ListQuery<AuditQuery>>();
  /** What is shown: it knows the names behind the ids. */
  readonly events = input.required<readonly AuditEvent[]>();
  readonly #sentences = inject(AuditSentences);

  protected readonly actorTypes = Object.values(AuditActorType);
  protected readonly results = Object.values(AuditResult);
  protected readonly targetTypes = Object.values(AuditTargetType);
  protected readonly actions = AUDIT_ACTIONS;
  protected readonly ranges = RANGE_NAMES;
  protected readonly toInstant = toInstant;
  protected readonly from = computed(() => toLocalInput(this.query().value().from));
  protected readonly to = computed(() => toLocalInput(this.query().value().to));
  protected readonly actor = computed(() => {
    const { actorId } = this.query().value();
    const event = this.events().find((one) => one.actorId === actorId);
    return event ? this.#sentences.actorOf(event) : actorId;
  });
  protected readonly target = computed(() => {
    const { targetId } = this.query().value();
    const names = this.events()
      .filter((one) => one.targetId === targetId)
      .map(targetNameOf);
    return names.find((name) => name !== null && name !== targetId) ?? targetId;
  });
}
