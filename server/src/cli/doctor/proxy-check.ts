import type { INestApplicationContext } from '@nestjs/common';
import { SYSTEM } from '../../common/actor.js';
import type { AppConfig } from '../../config/app-config.js';
import { AgentsModule } from '../../modules/agents/agents.module.js';
import { AgentsService } from '../../modules/agents/agents.service.js';
import { AuthModule } from '../../modules/auth/auth.module.js';
import { RegistrationModule } from '../../modules/registration/registration.module.js';
import { RegistrationTokensService } from '../../modules/registration/tokens/registration-tokens.service.js';
import { withModules } from '../server-context.js';
import { type Check, fault, ok, warning } from './checks.js';
import { checkConsole } from './console-check.js';
import { fetchFrom, reasonOf } from './http.js';

const CODE = 'opstage-doctor';
const TOKEN_SECONDS = 60;
/** How long agents let a poll wait. */
const POLL_SECONDS = 25;

interface Registered {
  readonly agentId: string;
  readonly agentToken: string;
}

const register = async (url: string, registrationToken: string): Promise<Registered> => {
  const answer = await fetchFrom(url, '/api/agents/register', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ registrationToken, agent: { code: CODE, name: 'Doctor' } }),
  });
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

/** Revokes the doctor's agent, found by its code: the answer to its registration may have been lost. */
const revokeAgent = async (app: INestApplicationContext): Promise<Check[]> => {
  const agents = app.get(AgentsService);
  try {
    const { data } = await agents.list({ page: 1, pageSize: 100, q: CODE });
    const enrolled = data.filter(({ code, status }) => code === CODE && status !== 'REVOKED');
    for (const { id } of enrolled) await agents.revoke(SYSTEM, id);
    return [];
  } catch (error) {
    const found = `The agent ${CODE} of this check could not be revoked: ${reasonOf(error)}`;
    return [warning(found, `Revoke the agent ${CODE} in the console.`)];
  }
};

const enrol = async (app: INestApplicationContext, url: string): Promise<Registered | Check> => {
  const request = { name: CODE, agentCode: CODE, expiresInSeconds: TOKEN_SECONDS };
  const { token } = await app.get(RegistrationTokensService, { strict: false }).create(SYSTEM, request);
  try {
    return await register(url, token);
  } catch (error) {
    return fault(
      `Agents cannot reach the server through ${url}: ${reasonOf(error)}`,
      'Check the URL and the proxy in front of the server.',
    );
  }
};

/**
 * Checks what a proxy at `url` does to the requests of agents, which wait up to `seconds`, and to those of the console. Enrols
 * an agent and creates a user for that; afterwards the agent is revoked and the user disabled.
 */
export const checkProxy = (url: string, seconds: number, config: AppConfig): Promise<Check[]> =>
  withModules(
    [RegistrationModule, AgentsModule, AuthModule],
    async (app) => {
      const enrolled = await enrol(app, url);
      const isEnrolled = 'agentId' in enrolled;
      const checks = [isEnrolled ? await hold(url, enrolled, seconds) : enrolled, ...(await revokeAgent(app))];
      return isEnrolled ? [...checks, ...(await checkConsole(app, url))] : checks;
    },
    { config },
  );
