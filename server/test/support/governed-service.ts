import type {
  AcceptedService,
  AgentCommand,
  AuditAction,
  AuditEvent,
  CapsuleServiceDetail,
  Command,
  CommandDetail,
  CommandId,
  ExecuteActionRequest,
  JsonObject,
  ReportedService,
} from '#contracts';
import { aReportedService, eventually, type ApiCall, type TestAgent, type TestOperator } from '#testing';
import type { TestApp } from './start-test-app.js';

/** A service with its live agent, and the operator who runs its actions. */
export class GovernedService {
  private constructor(
    readonly app: TestApp,
    readonly operator: TestOperator,
    readonly agent: TestAgent,
    readonly service: AcceptedService,
  ) {}

  /** Registers a new agent that reports the service, by default with one action, `echo`. */
  static async of(app: TestApp, overrides: Partial<ReportedService> = {}): Promise<GovernedService> {
    const agent = await app.enrolAgent();
    const service = await agent.reportService(aReportedService(overrides));
    return new GovernedService(app, await app.signIn('operator'), agent, service);
  }

  get path(): string {
    return `/api/admin/capsule-services/${this.service.id}`;
  }

  /** The service as a viewer sees it. */
  async shown(): Promise<CapsuleServiceDetail> {
    return (await this.app.signIn('viewer')).get(this.path).expectOk<CapsuleServiceDetail>();
  }

  /** Audit events about the service, newest first. */
  async events(...actions: readonly AuditAction[]): Promise<readonly AuditEvent[]> {
    return (await this.app.auditEvents(...actions)).filter(({ targetId }) => targetId === this.service.id);
  }

  prepare(action = 'echo'): ApiCall {
    return this.operator.get(`${this.path}/actions/${action}`);
  }

  execute(request: ExecuteActionRequest = { payload: { text: 'hi' } }, action = 'echo'): ApiCall {
    return this.operator.post(`${this.path}/actions/${action}`, request);
  }

  /** Creates a command that no agent has claimed. */
  pending(payload: JsonObject = { text: 'hi' }, action = 'echo'): Promise<Command> {
    return this.execute({ payload }, action).expectOk<Command>();
  }

  /** Creates a command that the agent has claimed. */
  async running(payload?: JsonObject, action?: string): Promise<AgentCommand> {
    const { id } = await this.pending(payload, action);
    const taken = (await this.agent.poll()).find((command) => command.id === id);
    if (!taken) throw new Error(`Command ${id} was not given to its agent.`);
    return taken;
  }

  /** Polls until the agent receives a command. */
  async take(): Promise<AgentCommand> {
    const given: AgentCommand[] = [];
    await eventually('a command comes', async () => {
      given.push(...(await this.agent.poll(1)));
      return given.length > 0;
    });
    return given[0]!;
  }

  cancel(id: CommandId): ApiCall {
    return this.operator.post(`/api/admin/commands/${id}/cancel`);
  }

  retry(id: CommandId): ApiCall {
    return this.operator.post(`/api/admin/commands/${id}/retry`);
  }

  /** The command as this user sees it, by default a viewer. */
  async command(id: CommandId, as?: TestOperator): Promise<CommandDetail> {
    const user = as ?? (await this.app.signIn('viewer'));
    return user.get(`/api/admin/commands/${id}`).expectOk<CommandDetail>();
  }

  /** Audit events about the command, newest first. */
  async commandEvents(id: CommandId, ...actions: readonly AuditAction[]): Promise<readonly AuditEvent[]> {
    return (await this.app.auditEvents(...actions)).filter(({ targetId }) => targetId === id);
  }
}
