import { booleanAttribute, Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { AuditEvent } from '#contracts';
import { Language } from '../../../core/i18n/i18n';
import { TextPipe } from '../../../core/i18n/texts';
import { targetNameOf } from '../../../shared/audit/audit-names';
import { AuditSentences } from '../../../shared/audit/audit-sentences';
import { JsonView } from '../../../shared/json/json-view';
import { actorPage, targetPage } from '../audit-targets';

/** All details of one event, with links to related pages. */
@Component({
  selector: 'ops-audit-event-detail',
  templateUrl: './audit-event-detail.html',
  styleUrl: './audit-event-detail.scss',
  imports: [JsonView, MatButton, RouterLink, TextPipe],
})
export class AuditEventDetail {
  readonly event = input.required<AuditEvent>();
  /** Whether it is shown on its own page and needs no link there. */
  readonly isAlone = input(false, { transform: booleanAttribute });
  readonly #language = inject(Language);
  protected readonly sentences = inject(AuditSentences);
  protected readonly actorPage = computed(() => actorPage(this.event()));
  protected readonly targetPage = computed(() => targetPage(this.event()));
  protected readonly targetName = computed(() => targetNameOf(this.event()));
  protected readonly exactTime = computed(() =>
    new Date(this.event().createdAt).toLocaleString(this.#language.code(), { dateStyle: 'medium', timeStyle: 'long' }),
  );
  protected readonly hasMetadata = computed(() => Object.keys(this.event().metadata).length > 0);
}
