import { assemble, type AgentParts } from './agent-parts.js';
import { AgentLog, logToStderr } from './base/agent-log.js';
import { checkCount, checkSeconds } from './base/checked-numbers.js';
import { RegistrationError } from './base/errors.js';
import { messageOf } from './base/thrown.js';
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
import { SoleUse } from './connection/sole-use.js';

/** How long aborted handlers get to end after `stop()` has timed out. */
const ABORT_GRACE_SECONDS = 1;
/** Any time does; a timer keeps the process alive. */
const KEEP_ALIVE_MS = 3_600_000;

/**
 * The agent that a service embeds: keeps it registered with an Opstage server and runs the commands of operators. It
 * only makes outgoing calls, and never fails the service because the server is unreachable.
 */
export class CapsuleAgent {
  private readonly lifetime = new AbortController();
  private readonly log: AgentLog;
  private readonly parts: AgentParts;
  private readonly strict: boolean;
  private readonly stopSeconds: number;
  private readonly keepsAlive: boolean;
  private readonly files: SoleUse;
  /** Keeps the process alive. */
  private life: NodeJS.Timeout | null = null;
  private starting: Promise<void> | null = null;
  private stopping: Promise<void> | null = null;

  /** @throws TypeError when an option cannot be used, there is no service, or two have the same code */
  constructor(options: CapsuleAgentOptions = {}) {
    checkSeconds('intervals', options.intervals ?? {});
    checkSeconds('timeouts', options.timeouts ?? {});
    checkCount('maxConcurrentCommands', options.maxConcurrentCommands ?? 1);
    this.log = new AgentLog(options.onLog ?? logToStderr);
    this.parts = assemble(options, this.log, this.lifetime.signal);
    this.strict = options.strictMode ?? false;
    this.stopSeconds = options.timeouts?.stopSeconds ?? 10;
    this.keepsAlive = options.keepAlive ?? true;
    const { lockFile, agent } = this.parts;
    const onLost = (): void => void this.stop();
    this.files = new SoleUse({ lockFile, agentCode: agent.code, log: this.log, onLost });
  }

  /** One of the agent's services, to add health, configs and actions to. @throws when there is no such service */
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

  /** Adds an action to the agent's only service. @throws when there are several, or the name is taken */
  action(declaration: ActionDeclaration, handler: ActionHandler): this {
    this.parts.registry.getOnly().action(declaration, handler);
    return this;
  }

  /** Runs all health checks; one that fails or takes too long counts as DOWN. */
  runHealth(): Promise<readonly ServiceHealthResult[]> {
    return this.parts.registry.checkHealth();
  }

  /** Reports changes now, rather than at the next interval. */
  refresh(): void {
    this.parts.presence.refresh();
    this.parts.reporter.reportIfChanged();
  }

  /**
   * Starts the agent; from then on failures are logged and retried. Repeating it changes nothing.
   * @throws RegistrationError in strict mode, when the server refuses to register this agent
   */
  async start(): Promise<void> {
    if (this.stopping) throw new Error('An agent that was stopped cannot be started again.');
    this.starting ??= this.begin();
    await this.starting;
  }

  /**
   * Accepts no more commands, waits for the running ones and their results (`timeouts.stopSeconds` at most), then stops.
   * Never rejects; repeating it changes nothing.
   */
  async stop(): Promise<void> {
    this.stopping ??= this.end();
    await this.stopping;
  }

  private async begin(): Promise<void> {
    if (this.keepsAlive) this.life = setInterval(() => undefined, KEEP_ALIVE_MS);
    if (await this.files.begin()) await this.run();
    else void this.runWhenAlone();
  }

  /** Starts when the process that uses the agent's files has ended. Never rejects. */
  private async runWhenAlone(): Promise<void> {
    try {
      await this.files.wait(this.lifetime.signal);
      await this.run();
    } catch (error) {
      this.log.error(messageOf(error), {}, error);
    }
  }

  private async run(): Promise<void> {
    const { enrolment, presence, reporter, runner, poller } = this.parts;
    if (this.stopping) return;
    if (this.strict) {
      await enrolment.ensure().catch(async (error: unknown) => {
        // The loops retry and log anything else, such as an unreachable server.
        if (!(error instanceof RegistrationError)) return;
        this.starting = null;
        await this.letGo();
        throw error;
      });
    }
    if (this.lifetime.signal.aborted) return;
    await runner.resume();
    if (this.isStopping()) return;
    presence.start();
    reporter.start();
    poller.start();
  }

  private async end(): Promise<void> {
    const { presence, reporter, results, history, runner, poller } = this.parts;
    runner.close();
    results.hurry();
    const drained = Promise.all([poller.stop(), reporter.stop()]).then(() => runner.idle());
    if (!(await endsWithin(drained, this.stopSeconds))) {
      this.log.warn('The agent stops with unfinished commands.', { unfinished: runner.unfinishedCount });
      runner.abortAll();
      await endsWithin(drained, ABORT_GRACE_SECONDS);
    }
    await endsWithin(
      presence.stop().then(() => presence.leave()),
      ABORT_GRACE_SECONDS,
    );
    this.lifetime.abort();
    await endsWithin(Promise.all([presence.stop(), history.close()]), ABORT_GRACE_SECONDS);
    await this.letGo();
  }

  private isStopping(): boolean {
    return this.stopping !== null;
  }

  /** Lets the process end, and another one use the agent's files. */
  private async letGo(): Promise<void> {
    if (this.life) clearInterval(this.life);
    this.life = null;
    await this.files.end();
  }
}
