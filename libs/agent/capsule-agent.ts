import { AgentLog, logToStderr } from './base/agent-log.js';
import { assemble, type AgentParts } from './agent-parts.js';
import { RegistrationError } from './base/errors.js';
import type {
  ActionDeclaration,
  ActionHandler,
  AgentService,
  CapsuleAgentOptions,
  ConfigSource,
  HealthCheck,
  ServiceHealthResult,
} from './base/types.js';
import { endsWithin } from './base/waiting.js';

/** How long aborted handlers get to end when `stop()` has waited long enough. */
const ABORT_GRACE_SECONDS = 1;

/**
 * The agent that a service embeds: keeps it known to an Opstage server and runs the commands operators give it. It only
 * calls out, and it never fails the service because the server is away.
 */
export class CapsuleAgent {
  private readonly lifetime = new AbortController();
  private readonly log: AgentLog;
  private readonly parts: AgentParts;
  private readonly strict: boolean;
  private readonly stopSeconds: number;
  private starting: Promise<void> | null = null;
  private stopping: Promise<void> | null = null;

  /** @throws TypeError when the backend URL is not one, or the services are none or share a code */
  constructor(options: CapsuleAgentOptions) {
    this.log = new AgentLog(options.onLog ?? logToStderr);
    this.parts = assemble(options, this.log, this.lifetime.signal);
    this.strict = options.strictMode ?? false;
    this.stopSeconds = options.timeouts?.stopSeconds ?? 10;
  }

  /** One of the agent's services, to add health, configs and actions to. @throws when it has no such service */
  service(code: string): AgentService {
    return this.parts.registry.getByCode(code);
  }

  /** Sets the health check of the agent's only service. @throws when there are several */
  health(check: HealthCheck): this {
    this.parts.registry.getOnly().health(check);
    return this;
  }

  /** Sets the config items of the agent's only service. @throws when there are several */
  configs(source: ConfigSource): this {
    this.parts.registry.getOnly().configs(source);
    return this;
  }

  /** Declares an action of the agent's only service. @throws when there are several, or it has one of this name */
  action(declaration: ActionDeclaration, handler: ActionHandler): this {
    this.parts.registry.getOnly().action(declaration, handler);
    return this;
  }

  /** Runs the health checks; one that fails or takes too long counts as DOWN. */
  runHealth(): Promise<readonly ServiceHealthResult[]> {
    return this.parts.registry.checkHealth();
  }

  /** Has the server learn now what has changed, rather than at the next interval. */
  refresh(): void {
    this.parts.presence.refresh();
    this.parts.reporter.check();
  }

  /**
   * Starts to work; from then on whatever goes wrong is logged and tried again. Repeating it changes nothing.
   * @throws RegistrationError in strict mode, when the server refuses to register this agent
   */
  async start(): Promise<void> {
    if (this.stopping) throw new Error('An agent that was stopped cannot be started again.');
    this.starting ??= this.begin();
    await this.starting;
  }

  /**
   * Takes no more commands, waits for the running ones and their results (bounded: `timeouts.stopSeconds`), then ends.
   * Never rejects; repeating it changes nothing.
   */
  async stop(): Promise<void> {
    this.stopping ??= this.end();
    await this.stopping;
  }

  private async begin(): Promise<void> {
    const { enrolment, presence, reporter, runner, poller } = this.parts;
    if (this.strict) {
      await enrolment.ensure().catch((error: unknown) => {
        // Anything else, a server that is away above all, the loops meet again, and log.
        if (!(error instanceof RegistrationError)) return;
        this.starting = null;
        throw error;
      });
    }
    if (this.lifetime.signal.aborted) return;
    await runner.resume();
    if (this.stopping) return;
    presence.start();
    reporter.start();
    poller.start();
  }

  private async end(): Promise<void> {
    const { presence, reporter, history, runner, poller } = this.parts;
    runner.close();
    const drained = Promise.all([poller.stop(), reporter.stop()]).then(() => runner.idle());
    if (!(await endsWithin(drained, this.stopSeconds))) {
      this.log.warn('The agent stops although not everything is done.', { unfinished: runner.unfinishedCount });
      runner.abortAll();
      await endsWithin(drained, ABORT_GRACE_SECONDS);
    }
    this.lifetime.abort();
    await endsWithin(Promise.all([presence.stop(), history.close()]), ABORT_GRACE_SECONDS);
  }
}
