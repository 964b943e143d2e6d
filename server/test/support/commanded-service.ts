import type { AcceptedService, Command, CommandDetail, ExecuteActionRequest, ReportedService } from '#contracts';
import { aReportedService, type ApiCall, type TestAgent, type TestOperator } from '#testing';
import type { TestApp } from './start-test-app.js';

/** A live agent with one service, and an operator who runs its actions. */
export class CommandedService {
  constructor(
    readonly app: TestApp,
    readonly operator: TestOperator,
    readonly agent: TestAgent,
    readonly service: AcceptedService,
  ) {}

  static async start(app: TestApp, overrides: Partial<ReportedService> = {}): Promise<CommandedService> {
    const operator = await app.signIn('operator');
    const agent = await app.enrolAgent();
    const service = await agent.reportService(aReportedService(overrides));
    return new CommandedService(app, operator, agent, service);
  }

  /** Asks for an action, as it came back. */
  ask(action: string, request: ExecuteActionRequest = { payload: { text: 'hi' } }): ApiCall {
    return this.operator.post(`/api/admin/capsule-services/${this.service.id}/actions/${action}`, request);
  }

  /** A command that was created. */
  run(request?: ExecuteActionRequest, action = 'echo'): Promise<Command> {
    return this.ask(action, request).expectOk<Command>();
  }

  /** A command that the agent has taken. */
  async taken(request?: ExecuteActionRequest, action = 'echo'): Promise<Command> {
    const command = await this.run(request, action);
    await this.agent.poll();
    return command;
  }

  show(command: Pick<Command, 'id'>, as = this.operator): Promise<CommandDetail> {
    return as.get(`/api/admin/commands/${command.id}`).expectOk<CommandDetail>();
  }
}
