import {
  HealthStatus,
  REDACTED,
  type Health,
  type Manifest,
  type ReportedConfigItem,
  type ReportedService,
} from '../../contracts/index.js';
import type { AgentLog } from '../base/agent-log.js';
import { messageOf } from '../base/errors.js';
import type {
  ActionDeclaration,
  ActionHandler,
  AgentService,
  ConfigSource,
  HealthCheck,
  ServiceDescription,
} from '../base/types.js';
import { withTimeLimit } from '../base/waiting.js';

/** Bounded, so that the server does not refuse a report because of an overlong error message. */
const MAX_REASON_LENGTH = 500;

/** A declared action and its handler. */
export interface DeclaredAction {
  readonly declaration: ActionDeclaration;
  readonly handler: ActionHandler;
}

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
  private healthCheck: HealthCheck | null = null;
  private configSource: ConfigSource = [];
  private knownConfigs: readonly ReportedConfigItem[] | undefined;
  private configProblem: string | null = null;

  constructor(
    private readonly description: ServiceDescription,
    private readonly context: ServiceContext,
  ) {}

  get code(): string {
    return this.description.code;
  }

  health(check: HealthCheck): this {
    this.healthCheck = check;
    this.context.onChange();
    return this;
  }

  configs(source: ConfigSource): this {
    this.configSource = source;
    this.context.onChange();
    return this;
  }

  action(declaration: ActionDeclaration, handler: ActionHandler): this {
    if (this.actions.has(declaration.name))
      throw new Error(`Service ${this.code} already has an action ${declaration.name}.`);
    this.actions.set(declaration.name, { declaration, handler });
    this.context.onChange();
    return this;
  }

  /** The action with this name, or null. */
  findAction(name: string): DeclaredAction | null {
    return this.actions.get(name) ?? null;
  }

  /** The current health: DOWN when the check fails, times out or returns no health. Never rejects. */
  checkHealth(): Promise<Health> {
    return runHealthCheck(this.healthCheck, this.context.limitSeconds);
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
      configs: await this.readConfigs(),
      actions: [...this.actions.values()].map(({ declaration }) => ({ ...declaration, prepare: undefined })),
    };
  }

  private manifest(runtime: string): Manifest {
    // A server may require a version.
    const { code, name, version = '0.0.0', manifest } = this.description;
    const { agentMode } = this.context;
    return { ...manifest, kind: 'CapsuleService', schemaVersion: '1.0', code, name, version, runtime, agentMode };
  }

  /** The current items; if they cannot be read, the last known ones, or undefined if there are none. */
  private async readConfigs(): Promise<readonly ReportedConfigItem[] | undefined> {
    const source = this.configSource;
    const read = typeof source === 'function' ? source : () => source;
    try {
      const items = await withTimeLimit(read, this.context.limitSeconds, 'The config function');
      this.knownConfigs = items.map(withoutSecret);
      this.configProblem = null;
    } catch (error) {
      const problem = `The configs of ${this.code} cannot be read: ${messageOf(error)}`;
      if (problem !== this.configProblem) this.context.log.error(problem);
      this.configProblem = problem;
    }
    return this.knownConfigs;
  }
}

/** The result of `check`; DOWN with the reason when it fails, takes too long or returns something that is not a health. */
export const runHealthCheck = async (check: HealthCheck | null, limitSeconds: number): Promise<Health> => {
  if (!check) return { status: 'UNKNOWN', message: 'The service has no health check.' };
  try {
    const health = await withTimeLimit(check, limitSeconds, 'The health check');
    return isHealth(health) ? sendable(health) : down('The health check returned no known status.');
  } catch (error) {
    return down(`The health check failed: ${messageOf(error).slice(0, MAX_REASON_LENGTH)}`);
  }
};

const down = (message: string): Health => ({ status: 'DOWN', message });

const isHealth = (value: Partial<Health> | null | undefined): value is Health =>
  typeof value?.status === 'string' && value.status in HealthStatus;

/** The health as JSON carries it: details that cannot be serialised must fail here, not in every heartbeat. */
const sendable = (health: Health): Health => JSON.parse(JSON.stringify(health)) as Health;

/** For a sensitive item, only whether it has a value leaves the process. */
const withoutSecret = (item: ReportedConfigItem): ReportedConfigItem => {
  if (item.sensitive !== true) return item;
  const isSet = item.valuePreview !== undefined && item.valuePreview !== null;
  return { ...item, valuePreview: isSet ? REDACTED : undefined, defaultValue: undefined };
};
