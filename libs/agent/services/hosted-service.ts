import { REDACTED, type Health, type Manifest, type ReportedConfigItem, type ReportedService } from '#contracts';
import type { AgentLog } from '../base/agent-log.js';
import { messageOf } from '../base/errors.js';
import { runHealthCheck } from './health-check.js';
import type {
  ActionDeclaration,
  ActionHandler,
  AgentService,
  ConfigSource,
  HealthCheck,
  ServiceDescription,
} from '../base/types.js';
import { withTimeLimit } from '../base/waiting.js';

/** An action as it was declared, with what carries it out. */
export interface DeclaredAction {
  readonly declaration: ActionDeclaration;
  readonly handler: ActionHandler;
}

/** What a service gets from its agent. */
export interface ServiceSurroundings {
  readonly runtime: string;
  readonly agentMode: string;
  /** For one health or config function. */
  readonly limitSeconds: number;
  readonly log: AgentLog;
  /** Called when there may be something new to report. */
  readonly onChange: () => void;
}

/** One service of this agent: what is reported of it, and what it can do. */
export class HostedService implements AgentService {
  private readonly actions = new Map<string, DeclaredAction>();
  private healthCheck: HealthCheck | null = null;
  private configSource: ConfigSource = [];
  private knownConfigs: readonly ReportedConfigItem[] | undefined;
  private configTrouble: string | null = null;

  constructor(
    private readonly description: ServiceDescription,
    private readonly surroundings: ServiceSurroundings,
  ) {}

  get code(): string {
    return this.description.code;
  }

  health(check: HealthCheck): this {
    this.healthCheck = check;
    this.surroundings.onChange();
    return this;
  }

  configs(source: ConfigSource): this {
    this.configSource = source;
    this.surroundings.onChange();
    return this;
  }

  action(declaration: ActionDeclaration, handler: ActionHandler): this {
    if (this.actions.has(declaration.name))
      throw new Error(`Service ${this.code} already has an action ${declaration.name}.`);
    this.actions.set(declaration.name, { declaration, handler });
    this.surroundings.onChange();
    return this;
  }

  /** The action of this name, or null. */
  findAction(name: string): DeclaredAction | null {
    return this.actions.get(name) ?? null;
  }

  /** What the service says of itself now; never rejects. */
  checkHealth(): Promise<Health> {
    return runHealthCheck(this.healthCheck, this.surroundings.limitSeconds);
  }

  /** All that is reported but the health; never rejects. What is undefined in it does not cross the wire. */
  async describe(): Promise<ReportedService> {
    const { code, name, description, version, runtime = this.surroundings.runtime } = this.description;
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
    // Servers of this wire may insist on a version.
    const { code, name, version = '0.0.0', manifest } = this.description;
    const { agentMode } = this.surroundings;
    return { ...manifest, kind: 'CapsuleService', schemaVersion: '1.0', code, name, version, runtime, agentMode };
  }

  /** The items as they are now; when they cannot be read, as they last were, and undefined if they never could. */
  private async readConfigs(): Promise<readonly ReportedConfigItem[] | undefined> {
    const source = this.configSource;
    const read = typeof source === 'function' ? source : () => source;
    try {
      const items = await withTimeLimit(read, this.surroundings.limitSeconds, 'The config function');
      this.knownConfigs = items.map(withoutSecret);
      this.configTrouble = null;
    } catch (error) {
      const trouble = `The configs of ${this.code} cannot be read: ${messageOf(error)}`;
      if (trouble !== this.configTrouble) this.surroundings.log.error(trouble);
      this.configTrouble = trouble;
    }
    return this.knownConfigs;
  }
}

/** Of a sensitive item only whether it has a value leaves the process. */
const withoutSecret = (item: ReportedConfigItem): ReportedConfigItem => {
  if (item.sensitive !== true) return item;
  const isSet = item.valuePreview !== undefined && item.valuePreview !== null;
  return { ...item, valuePreview: isSet ? REDACTED : undefined, defaultValue: undefined };
};
