import { SYSTEM } from '../../common/actor.js';
import { AgentsModule } from '../../modules/agents/agents.module.js';
import { AgentsService } from '../../modules/agents/agents.service.js';
import { RegistrationModule } from '../../modules/registration/registration.module.js';
import { RegistrationTokensService } from '../../modules/registration/tokens/registration-tokens.service.js';
import { withModules } from '../server-context.js';
import { type Check, fault, ok, warning } from './checks.js';

const CODE = 'opstage-doctor';
const TOKEN_SECONDS = 60;
/** What agents are asked to wait. */
const POLL_SECONDS = 25;

interface Registered {
  readonly agentId: string;
  readonly agentToken: string;
}

const register = async (url: string, registrationToken: string): Promise<Registered> => {
  const answer = await fetch(`${url}/api/agents/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ registrationToken, agent: { code: CODE, name: 'Doctor' } }),
  });
  if (!answer.ok) throw new Error(`${url} answered a registration with ${answer.status}.`);
  return ((await answer.json()) as { readonly data: Registered }).data;
};

/** Holds a request open through whatever is on the way; nothing is sent meanwhile. */
const hold = async (url: string, { agentId, agentToken }: Registered, seconds: number): Promise<Check> => {
  const since = performance.now();
  const lasted = (): number => Math.round((performance.now() - since) / 1000);
  try {
    const headers = { authorization: `Bearer ${agentToken}` };
    const answer = await fetch(`${url}/api/agents/${agentId}/commands?wait=${seconds}`, { headers });
    await answer.arrayBuffer();
    if (answer.ok) return ok(`A silent request was held open for ${seconds} s.`);
  } catch {
    // Cut off: when is what matters.
  }
  const found = `A silent request was cut off after ${lasted()} s.`;
  const advice = `Agents wait up to ${POLL_SECONDS} s: have the proxy wait 60 s for an answer (nginx: proxy_read_timeout).`;
  return lasted() <= POLL_SECONDS ? fault(found, advice) : warning(found, advice);
};

/** How long a request may be silent on its way to the server at `url`, by an agent that is enrolled for it and revoked after. */
export const checkProxy = (url: string, seconds: number): Promise<Check> =>
  withModules([RegistrationModule, AgentsModule], async (app) => {
    const request = { name: CODE, agentCode: CODE, expiresInSeconds: TOKEN_SECONDS };
    const { token } = await app.get(RegistrationTokensService, { strict: false }).create(SYSTEM, request);
    try {
      const registered = await register(url, token);
      const check = await hold(url, registered, seconds);
      await app.get(AgentsService).revoke(SYSTEM, registered.agentId as `agt_${string}`);
      return check;
    } catch (error) {
      return fault(
        `No agent gets through ${url}: ${(error as Error).message}`,
        'Check the address, and what is in front of the server.',
      );
    }
  });
