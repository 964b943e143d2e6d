import { inject, Injectable } from '@angular/core';
import type { AgentStatus, AgentSummary } from '#contracts';
import { AskAndDo } from '../../shared/acts/ask-and-do';
import { AgentsApi, type AgentAct } from './agents-api';

/** What can be done to an agent in this status. */
export const actsFor = (status: AgentStatus): readonly AgentAct[] => {
  if (status === 'REVOKED') return [];
  return status === 'DISABLED' ? ['enable', 'revoke'] : ['disable', 'revoke'];
};

/** Enables, disables and revokes agents, each after a confirmation. */
@Injectable({ providedIn: 'root' })
export class AgentActs {
  readonly #api = inject(AgentsApi);
  readonly #askAndDo = inject(AskAndDo);

  run({ id, name, code }: AgentSummary, act: AgentAct): Promise<void> {
    const params = { name, code };
    const isDangerous = act !== 'enable';
    const asked = { texts: `agents.${act}`, text: `agents.${act}.text`, params, isDangerous } as const;
    return this.#askAndDo.run({ ...asked, ...(act === 'revoke' && { typed: code }) }, () => this.#api.act(id, act));
  }
}
