import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { AgentSummary, ErrorCode } from '#contracts';
import type { TextKey } from '../../../core/i18n/text-key';
import { TextPipe } from '../../../core/i18n/texts';
import { IfRole } from '../../../core/session/if-role';
import { RelativeTime } from '../../../shared/format/relative-time';
import { AgentsApi } from '../agents-api';

/** An older refusal is history: the audit tab has it. */
const RECENT_MS = 86_400_000;

/** The refusals that a new registration token for the agent overcomes. */
const NEEDS_A_TOKEN: ReadonlySet<unknown> = new Set<ErrorCode>([
  'AGENT_CODE_TAKEN',
  'REGISTRATION_TOKEN_EXPIRED',
  'REGISTRATION_TOKEN_REVOKED',
  'REGISTRATION_TOKEN_USED',
]);

/** Says that a registration as this agent was refused within the last day, and how it succeeds; nothing once it has. */
@Component({
  selector: 'ops-refused-registration',
  templateUrl: './refused-registration.html',
  styles: `
    section {
      margin-bottom: 16px;
      overflow-wrap: anywhere;
    }
  `,
  imports: [IfRole, MatButton, RelativeTime, RouterLink, TextPipe],
})
export class RefusedRegistration {
  readonly agent = input.required<AgentSummary>();
  readonly #newest = inject(AgentsApi).newestRefusal(this.agent);

  protected readonly refusal = computed(() => {
    const [event] = this.#newest.value()?.data ?? [];
    if (!event || Date.now() - Date.parse(event.createdAt) > RECENT_MS) return null;
    const { errorCode } = event.metadata;
    return {
      id: event.id,
      at: event.createdAt,
      why: this.#why(errorCode),
      errorCode,
      needsToken: NEEDS_A_TOKEN.has(errorCode),
    };
  });

  /** Why it was refused, as far as the agent's state tells; the audit event has the rest. */
  #why(errorCode: unknown): TextKey {
    if (errorCode !== 'AGENT_CODE_TAKEN') return 'agents.refused.other';
    return this.agent().status === 'REVOKED' ? 'agents.refused.revoked' : 'agents.refused.live';
  }
}
