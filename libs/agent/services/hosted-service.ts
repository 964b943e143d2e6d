import {
  CODE_PATTERN,
  MAX_CODE_LENGTH,
  type Health,
  type Manifest,
  type ReportedService,
} from '../../contracts/index.js';
import type { AgentLog } from '../base/agent-log.js';
import { copyAsJson, describeChanges } from '../base/json-copy.js';
import { TimedCall } from '../base/timed-call.js';
import type {
  ActionDeclaration,
  ActionHandler,
  AgentService,
  ConfigSource,
  HealthCheck,
  ServiceDescription,
} from '../base/types.js';
import { ConfigReader } from './config-reader.js';
import { DeclaredAction } from './declared-action.js';
import { failedHealth, readHealth } from './health-answer.js';

/** What a service needs from its agent. */
export interface ServiceContext {
  readonly runtime: string;
  readonly agentMode: string;
  /** Time limit of one health or config function. */
  readonly limitSeconds: number;
  readonly log: AgentLog;
  /** Called when there may be a change to report. */
  readonly onChange: () => void;
}

/** One service of this agent: what it reports and which actions it offers. */
export class HostedService implements AgentService {
  private readonly actions = new Map<string, DeclaredAction>();
  private readonly description: ServiceDescription;
  private healthCall: TimedCall<unknown> | null = null;
  private healthProblem = '';
  private configReader: ConfigReader;

  /** @throws TypeError when the server could not use the code or name */
  constructor(
    description: ServiceDescription,
    private readonly context: ServiceContext,
  ) {
    this.description = sendable(description, context.log);
    this.configReader = this.readerOf([]);
  }

  get code(): string {
    return this.description.code;
  }

  health(check: HealthCheck): this {
    const { limitSeconds, log } = this.context;
    this.healthCall = new TimedCall<unknown>(
      (signal) => check({ signal }),
      limitSeconds,
      'The health check',
      (trouble) => {
        log.error(trouble, { service: this.code });
      },
    );
    this.context.onChange();
    return this;
  }

  configs(source: ConfigSource): this {
    this.configReader = this.readerOf(source);
    this.context.onChange();
    return this;
  }

  action(declaration: ActionDeclaration, handler: ActionHandler): this {
    const action = new DeclaredAction(declaration, handler);
    const { name } = action.reported;
    if (this.actions.has(name)) throw new TypeError(`Service ${this.code} already has an action ${name}.`);
    this.actions.set(name, action);
    this.context.onChange();
    return this;
  }

  /** The action with this name, or null. */
  findAction(name: string): DeclaredAction | null {
    return this.actions.get(name) ?? null;
  }

  /** The current health: DOWN when the check fails, takes too long or returns no health. Never rejects. */
  async checkHealth(): Promise<Health> {
    if (!this.healthCall) return { status: 'UNKNOWN', message: 'The service has no health check.' };
    try {
      const { health, problem } = readHealth(await this.healthCall.result());
      if (problem !== '' && problem !== this.healthProblem)
        this.context.log.warn(`The health of ${this.code} cannot be sent as it is: ${problem}.`);
      this.healthProblem = problem;
      return health;
    } catch (error) {
      return failedHealth(error);
    }
  }

  /** The report without the health. Never rejects. Undefined fields are not sent. */
  async describe(): Promise<ReportedService> {
    const { code, name, description, version, runtime = this.context.runtime } = this.description;
    return {
      code,
      name,
      description,
      version,
      runtime,
      manifest: this.manifest(runtime),
      configs: await this.configReader.read(),
      actions: [...this.actions.values()].map(({ reported }) => reported),
    };
  }

  private manifest(runtime: string): Manifest {
    // A server may require a version.
    const { code, name, version = '0.0.0', manifest } = this.description;
    const { agentMode } = this.context;
    return { ...manifest, kind: 'CapsuleService', schemaVersion: '1.0', code, name, version, runtime, agentMode };
  }

  private readerOf(source: ConfigSource): ConfigReader {
    const { limitSeconds, log } = this.context;
    return new ConfigReader(source, { code: this.description.code, limitSeconds, log });
  }
}

/** The description as it can be sent. */
const sendable = (description: ServiceDescription, log: AgentLog): ServiceDescription => {
  const { value, changes } = copyAsJson(description, 'service');
  const copy = (value ?? {}) as unknown as ServiceDescription;
  if (typeof copy.code !== 'string' || !CODE_PATTERN.test(copy.code) || copy.code.length > MAX_CODE_LENGTH)
    throw new TypeError(
      `The service code ${JSON.stringify(copy.code)} must match ${CODE_PATTERN.source} and have ${MAX_CODE_LENGTH} characters at most.`,
    );
  if (typeof copy.name !== 'string' || copy.name === '') throw new TypeError(`Service ${copy.code} needs a name.`);
  if (changes.length > 0)
    log.warn(`The description of ${copy.code} cannot be sent as it is: ${describeChanges(changes)}.`);
  return copy;
};
