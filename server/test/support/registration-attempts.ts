import type {
  AgentDescription,
  CreateRegistrationTokenRequest,
  RegisterAgentResponse,
  RegistrationToken,
  ReportedService,
} from '#contracts';
import { anAgentDescription, type ApiCall } from '#testing';
import type { TestApp } from './start-test-app.js';

export const REGISTER = '/api/agents/register';

/** A registration with this token, by default of a new agent. */
export const register = (
  app: TestApp,
  registrationToken: string,
  agent: Partial<AgentDescription> = {},
  service?: ReportedService,
): ApiCall => app.api.post(REGISTER, { registrationToken, agent: anAgentDescription(agent), service });

/** A registration with a token made for it. */
export const registerWith = async (
  app: TestApp,
  request: CreateRegistrationTokenRequest,
  agent: Partial<AgentDescription> = {},
): Promise<RegisterAgentResponse> => {
  const { token } = await (await app.signIn('operator')).createToken(request);
  return register(app, token, agent).expectOk<RegisterAgentResponse>();
};

/** A new token that works once. */
export const newToken = async (app: TestApp, request?: CreateRegistrationTokenRequest): Promise<string> =>
  (await (await app.signIn('operator')).createToken(request)).token;

export const tokenRow = async (app: TestApp, id: RegistrationToken['id']): Promise<RegistrationToken> => {
  const path = '/api/admin/registration-tokens?pageSize=100';
  const { data } = await (await app.signIn('viewer')).get(path).expectPage<RegistrationToken>();
  const row = data.find((one) => one.id === id);
  if (!row) throw new Error(`There is no registration token ${id}.`);
  return row;
};
