import type { CreatedRegistrationToken, RegisterAgentResponse, ReportServicesResponse } from '#contracts';
import type { ConnectionPool } from './connection-pool.js';
import type { Endpoint } from './http-connection.js';
import { inParallel } from './in-parallel.js';
import { LightAgent, lightService } from './light-agent.js';
import { requestText, successOf } from './wire.js';

/** How to reach the server, and as which operator. */
export interface Enroller {
  readonly endpoint: Endpoint;
  readonly pool: ConnectionPool;
  /** Of a signed-in operator. */
  readonly headers: Readonly<Record<string, string>>;
}

const WIDTH = 32;

/** Creates registration tokens, one per agent. */
export const makeTokens = ({ endpoint, pool, headers }: Enroller, count: number): Promise<readonly string[]> => {
  const request = requestText(endpoint, 'POST', '/api/admin/registration-tokens', { headers, body: {} });
  return inParallel(count, WIDTH, async () => successOf<CreatedRegistrationToken>(await pool.send(request)).data.token);
};

/** The request that registers an agent with its service. */
export const registration = (endpoint: Endpoint, registrationToken: string, code: string): string =>
  requestText(endpoint, 'POST', '/api/agents/register', {
    body: {
      registrationToken,
      agent: {
        code,
        name: `Agent ${code}`,
        runtime: 'nodejs',
        version: '1.0.0',
        hostname: `${code}.fleet`,
        os: 'linux',
      },
      service: lightService(code),
    },
  });

/** Registers `count` agents, each with one service whose id a report returns. Their codes start with `prefix`. */
export const enrolFleet = async (enroller: Enroller, count: number, prefix: string): Promise<readonly LightAgent[]> => {
  const { endpoint, pool } = enroller;
  const tokens = await makeTokens(enroller, count);
  return inParallel(count, WIDTH, async (index) => {
    const code = `${prefix}-${index}`;
    const answer = await pool.send(registration(endpoint, tokens[index] ?? '', code));
    const agent = new LightAgent(endpoint, code, successOf<RegisterAgentResponse>(answer).data);
    const [service] = successOf<ReportServicesResponse>(await pool.send(agent.report())).data.services;
    if (service) agent.knownAs(service.id);
    return agent;
  });
};
