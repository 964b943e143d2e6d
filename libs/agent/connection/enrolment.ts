import { arch, hostname, platform } from 'node:os';
import type { AgentDescription } from '../../contracts/index.js';
import type { AgentLog } from '../base/agent-log.js';
import { AgentAuthError, RefusedError, RegistrationError, isTransient, messageOf } from '../base/errors.js';
import type { StoredCredential, TokenStore } from '../base/types.js';
import type { Cadence } from './cadence.js';
import { Recovery } from './recovery.js';
import type { WireClient } from './wire-client.js';

export interface EnrolmentOptions {
  readonly wire: WireClient;
  readonly store: TokenStore;
  readonly log: AgentLog;
  readonly cadence: Cadence;
  readonly agent: AgentDescription;
}

const NEW_TOKEN = 'Create a new registration token in the console and start the service with it.';

/** What an operator can do about a refused registration. */
const REMEDIES: Readonly<Record<string, string>> = {
  REGISTRATION_TOKEN_INVALID: NEW_TOKEN,
  REGISTRATION_TOKEN_EXPIRED: NEW_TOKEN,
  REGISTRATION_TOKEN_REVOKED: NEW_TOKEN,
  REGISTRATION_TOKEN_USED: NEW_TOKEN,
  AGENT_CODE_TAKEN:
    'Stop the other agent, choose another agent code, or create a registration token for this agent code.',
};

/** Adds what the process knows about itself to the description. */
export const describeAgent = (agent: AgentDescription): AgentDescription => ({
  mode: 'embedded',
  runtime: 'nodejs',
  hostname: hostname(),
  os: platform(),
  arch: arch(),
  ...agent,
});

/** How the agent obtains its own token: from the store, or by registering. */
export class Enrolment {
  // A `#` field, so that inspecting an agent does not print its token.
  readonly #registrationToken: string;
  #credential: StoredCredential | null = null;
  private stored: Promise<StoredCredential | null> | null = null;
  private readonly rotation: Recovery;

  constructor(
    private readonly options: EnrolmentOptions,
    registrationToken = '',
  ) {
    this.#registrationToken = registrationToken.trim();
    options.log.hide(this.#registrationToken);
    this.rotation = new Recovery('Replacing the agent token', options.cadence, options.log);
  }

  /** Ensures that there is a credential for calls. @throws RegistrationError, NetworkError or RefusedError */
  async ensure(): Promise<void> {
    if (this.#credential) return;
    this.stored ??= this.loadStored();
    const stored = await this.stored;
    if (stored) this.use(stored);
    else await this.register();
  }

  /** Registers again after the server refused the credential. @throws AgentAuthError when that is not possible */
  async renew(refusal: AgentAuthError): Promise<void> {
    try {
      await this.register();
    } catch (error) {
      if (!(error instanceof RegistrationError)) throw error;
      throw new AgentAuthError(`${refusal.message} ${error.message}`, refusal.code, refusal.status, {
        cause: error,
      });
    }
  }

  /**
   * Replaces the token; the new one is stored before it is used. A failure is logged and the agent keeps the old token:
   * the server will ask again.
   */
  async rotate(): Promise<void> {
    const { wire, log, store } = this.options;
    const current = this.#credential;
    if (!current) return;
    try {
      // If the store is not writable, fail here, before the server issues a new token.
      await store.save(current);
      const agentToken = await wire.rotateToken();
      log.hide(agentToken);
      const credential = { ...current, agentToken };
      await this.store(credential);
      this.use(credential);
      this.rotation.succeeded();
      log.info('Replaced the agent token.', { agentId: current.agentId });
    } catch (error) {
      this.rotation.report(error);
    }
  }

  private async loadStored(): Promise<StoredCredential | null> {
    const { store, log, agent, wire } = this.options;
    const stored = await store.load().catch((error: unknown) => {
      log.error(`The stored agent token cannot be loaded: ${messageOf(error)}`);
      return null;
    });
    if (!stored) return null;
    const { agentCode, backendUrl } = stored;
    if (agentCode !== agent.code) {
      log.warn('Ignoring the stored agent token: it belongs to another agent code.', { storedAgentCode: agentCode });
      return null;
    }
    // Usually the same server under a new name; if not, it refuses the token and the agent registers.
    if (backendUrl !== wire.serverUrl)
      log.info('The stored agent token was issued at another URL.', { issuedAt: backendUrl, using: wire.serverUrl });
    return stored;
  }

  private async register(): Promise<void> {
    const { wire, log, agent, cadence } = this.options;
    const answer = await this.requestRegistration();
    log.hide(answer.agentToken);
    cadence.adopt(answer);
    const { agentId, agentToken } = answer;
    const credential = { agentId, agentToken, agentCode: agent.code, backendUrl: wire.serverUrl };
    this.use(credential);
    log.info('Registered with the server.', { agentId, agentCode: agent.code, server: wire.serverUrl });
    await this.store(credential);
  }

  private async requestRegistration(): ReturnType<WireClient['register']> {
    const { wire, agent } = this.options;
    if (this.#registrationToken === '')
      throw new RegistrationError(
        `Agent ${agent.code} is not registered and has no registration token. ${NEW_TOKEN}`,
        'REGISTRATION_TOKEN_MISSING',
      );
    try {
      return await wire.register({ registrationToken: this.#registrationToken, agent });
    } catch (error) {
      if (!(error instanceof RefusedError) || isTransient(error)) throw error;
      const { code, status, message } = error;
      const remedy = REMEDIES[code] ?? '';
      throw new RegistrationError(
        `The server refused to register agent ${agent.code}: ${message} ${remedy}`.trim(),
        code,
        status,
      );
    }
  }

  private use(credential: StoredCredential): void {
    this.options.log.hide(credential.agentToken);
    this.options.wire.useCredential(credential);
    this.#credential = credential;
  }

  private async store(credential: StoredCredential): Promise<void> {
    try {
      await this.options.store.save(credential);
    } catch (error) {
      this.options.log.error(
        `The agent token could not be stored (${messageOf(error)}). After a restart the agent will need a new registration token.`,
      );
    }
  }
}
