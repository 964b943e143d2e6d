import { arch, hostname, platform } from 'node:os';
import { CODE_PATTERN, MAX_CODE_LENGTH, type AgentDescription } from '../../contracts/index.js';
import type { AgentLog } from '../base/agent-log.js';
import { AgentAuthError, RefusedError, RegistrationError, isTransient } from '../base/errors.js';
import { messageOf } from '../base/thrown.js';
import type { LogFields, StoredCredential } from '../base/types.js';
import type { Cadence } from './cadence.js';
import type { GuardedStore } from './guarded-store.js';
import { Recovery } from './recovery.js';
import type { WireClient } from './wire-client.js';

export interface EnrolmentOptions {
  readonly wire: WireClient;
  readonly store: GuardedStore;
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

/** Adds what the process knows about itself to the description. @throws TypeError when the server could not use the code */
export const describeAgent = (description: Partial<AgentDescription>): AgentDescription => {
  const { code = '' } = description;
  if (!CODE_PATTERN.test(code) || code.length > MAX_CODE_LENGTH)
    throw new TypeError(
      `agent.code (or OPSTAGE_AGENT_CODE) must match ${CODE_PATTERN.source} and have ${MAX_CODE_LENGTH} characters at most.`,
    );
  const detected = { mode: 'embedded', runtime: 'nodejs', hostname: hostname(), os: platform(), arch: arch() } as const;
  return { ...detected, ...description, code };
};

/** How the agent obtains its own token: from the store, or by registering. */
export class Enrolment {
  // A `#` field, so that inspecting an agent does not print its token.
  readonly #registrationToken: string;
  #credential: StoredCredential | null = null;
  /** Whether a credential was stored when this agent first looked; null before that. */
  private startedEnrolled: boolean | null = null;
  /** The credential in use, as long as it could not be stored. */
  #unsaved: StoredCredential | null = null;
  private loadProblem = '';
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
    if (this.#credential) {
      await this.storeAgain();
      return;
    }
    // Looks again every time: the volume with the token may be mounted later than this starts.
    const stored = await this.loadStored();
    if (stored) this.use(stored);
    else await this.register();
  }

  /** Whether an earlier run of this agent was registered, as far as its store says. Never rejects. */
  async hasEarlierRuns(): Promise<boolean> {
    if (this.startedEnrolled === null) await this.loadStored();
    return this.startedEnrolled === true;
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

  /** The stored credential if it is this agent's, else null. Never rejects. */
  private async loadStored(): Promise<StoredCredential | null> {
    const stored = await this.options.store.load().catch((error: unknown) => {
      this.reportLoad('error', `The stored agent token cannot be loaded: ${messageOf(error)}`);
      return null;
    });
    const usable = stored && this.usable(stored);
    this.startedEnrolled ??= usable !== null;
    return usable;
  }

  private usable(stored: StoredCredential): StoredCredential | null {
    const { log, agent, wire } = this.options;
    const { agentCode, backendUrl } = stored;
    if (agentCode !== agent.code) {
      this.reportLoad('warn', 'Ignoring the stored agent token: it belongs to another agent code.', {
        storedAgentCode: agentCode,
      });
      return null;
    }
    // Usually the same server under a new name; if not, it refuses the token and the agent registers.
    if (backendUrl !== wire.serverUrl)
      log.info('The stored agent token was issued at another URL.', { issuedAt: backendUrl, using: wire.serverUrl });
    return stored;
  }

  /** Logs why there is no stored token, once. */
  private reportLoad(level: 'warn' | 'error', problem: string, fields: LogFields = {}): void {
    if (problem !== this.loadProblem) this.options.log[level](problem, fields);
    this.loadProblem = problem;
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
    const enrolmentKey = await this.prepareStore();
    try {
      return await wire.register({ registrationToken: this.#registrationToken, agent, enrolmentKey });
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

  /** The registration token works once: it must not be spent on an agent token that cannot be stored. */
  private async prepareStore(): Promise<string> {
    const { store, agent, log } = this.options;
    try {
      const enrolmentKey = await store.prepare(agent.code);
      log.hide(enrolmentKey);
      return enrolmentKey;
    } catch (error) {
      throw new RegistrationError(
        `Agent ${agent.code} does not register, because its token could not be stored: ${messageOf(error)} The registration token was not used.`,
        'TOKEN_NOT_STORABLE',
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
      this.#unsaved = null;
    } catch (error) {
      this.#unsaved = credential;
      this.options.log.error(
        `The agent token could not be stored (${messageOf(error)}). The agent works and keeps trying to store it; until then, it would need a new registration token after a restart.`,
      );
    }
  }

  private async storeAgain(): Promise<void> {
    const unsaved = this.#unsaved;
    if (!unsaved) return;
    try {
      await this.options.store.save(unsaved);
      this.#unsaved = null;
      this.options.log.info('The agent token is stored now.');
    } catch {
      // Reported when it began.
    }
  }
}
