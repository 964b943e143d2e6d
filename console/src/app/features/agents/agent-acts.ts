import { inject, Injectable } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import type { AgentStatus, AgentSummary } from '#contracts';
import { Refresh } from '../../core/live/refresh';
import { Notify } from '../../core/notify/notify';
import { Confirm } from '../../shared/acts/confirm-dialog';
import { AgentsApi, type AgentAct } from './agents-api';

/** What can be done to an agent in this status. */
export const actsFor = (status: AgentStatus): readonly AgentAct[] => {
  if (status === 'REVOKED') return [];
  return status === 'DISABLED' ? ['enable', 'revoke'] : ['disable', 'revoke'];
};

/** Asks, does it, and says what came of it. */
@Injectable({ providedIn: 'root' })
export class AgentActs {
  readonly #api = inject(AgentsApi);
  readonly #confirm = inject(Confirm);
  readonly #notify = inject(Notify);
  readonly #refresh = inject(Refresh);
  readonly #transloco = inject(TranslocoService);

  async run(agent: AgentSummary, act: AgentAct): Promise<void> {
    const text = (part: string): string =>
      this.#transloco.translate(`agents.${act}.${part}`, { name: agent.name, code: agent.code });
    const isAgreed = await this.#confirm.ask({
      title: text('title'),
      text: text('text'),
      act: text('act'),
      isDangerous: act !== 'enable',
      ...(act === 'revoke' && { typed: agent.code }),
    });
    if (!isAgreed) return;
    try {
      await this.#api.act(agent.id, act);
      this.#notify.done(`agents.${act}.done`, { name: agent.name });
      this.#refresh.now();
    } catch (error) {
      this.#notify.failed(error);
    }
  }
}
