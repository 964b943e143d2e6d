import { SYSTEM } from '../../common/actor.js';
import { AgentsModule } from '../../modules/agents/agents.module.js';
import { AgentsService } from '../../modules/agents/agents.service.js';
import { RegistrationModule } from '../../modules/registration/registration.module.js';
import { RegistrationTokensService } from '../../modules/registration/tokens/registration-tokens.service.js';
import { withModules } from '../server-context.js';
import { type Check, fault, ok, warning } from './checks.js';

const CODE = 'opstage-doctor';
const TOKEN_SECONDS = 60;
/** How long agents let a poll wait. */
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

/** Sends a request that the server answers only after `seconds`, with no traffic in between. */
const hold = async (url: string, { agentId, agentToken }: Registered, seconds: number): Promise<Check> => {
  const since = performance.now();
  const elapsed = (): number => Math.round((performance.now() - since) / 1000);
  try {
    const headers = { authorization: `Bearer ${agentToken}` };
    const answer = await fetch(`${url}/api/agents/${agentId}/commands?wait=${seconds}`, { headers });
    await answer.arrayBuffer();
    if (answer.ok) return ok(`A silent request was held open for ${seconds} s.`);
  } catch {
    // Cut off; only the time matters.
  }
  const found = `A silent request was cut off after ${elapsed()} s.`;
  const advice = `Agents wait up to ${POLL_SECONDS} s: set the proxy’s read timeout to 60 s (nginx: proxy_read_timeout).`;
  return elapsed() <= POLL_SECONDS ? fault(found, advice) : warning(found, advice);
};

/** Checks that a request to `url` can wait for `seconds`; enrols an agent for that and revokes it afterwards. */
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
        `Agents cannot reach the server through ${url}: ${(error as Error).message}`,
        'Check the URL and the proxy in front of the server.',
      );
    }
  });
