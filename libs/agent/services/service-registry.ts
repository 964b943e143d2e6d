import type { AgentCommand, RejectedService, ReportedService, ReportServicesResponse } from '../../contracts/index.js';
import type { ServiceDescription, ServiceHealthResult } from '../base/types.js';
import { HostedService, type ServiceContext } from './hosted-service.js';

/** The services of this agent, and which of them the server accepted. */
export class ServiceRegistry {
  private readonly services: readonly HostedService[];
  private readonly codeById = new Map<string, string>();
  private accepted: ReadonlySet<string> = new Set();

  /** @throws TypeError when there is no service, or two have the same code */
  constructor(descriptions: readonly ServiceDescription[], context: ServiceContext) {
    this.services = descriptions.map((description) => new HostedService(description, context));
    const codes = this.services.map(({ code }) => code);
    if (codes.length === 0) throw new TypeError('An agent needs at least one service.');
    const repeated = codes.find((code, index) => codes.indexOf(code) !== index);
    if (repeated !== undefined) throw new TypeError(`Two services have the code ${repeated}.`);
  }

  /** @throws when this agent has no such service */
  getByCode(code: string): HostedService {
    const found = this.findByCode(code);
    if (!found) throw new Error(`This agent has no service ${code}.`);
    return found;
  }

  /** The agent's only service. @throws when there are several */
  getOnly(): HostedService {
    const [only, another] = this.services;
    if (!only || another) throw new Error('This agent has several services: select one with agent.service(code).');
    return only;
  }

  /** The service a command is for, or null. Servers identify it by code, or else by id. */
  findFor(command: Partial<AgentCommand>): HostedService | null {
    const code = command.serviceCode ?? this.codeById.get(command.serviceId ?? '');
    if (code !== undefined) return this.findByCode(code);
    return this.services.length === 1 ? this.getOnly() : null;
  }

  /** The current health of every service. */
  checkHealth(): Promise<readonly ServiceHealthResult[]> {
    return checkAll(this.services);
  }

  /** The current health of the services the server accepted from this agent: the content of a heartbeat. */
  checkAcceptedHealth(): Promise<readonly ServiceHealthResult[]> {
    return checkAll(this.services.filter(({ code }) => this.accepted.has(code)));
  }

  /** The report of every service, without the health. */
  describe(): Promise<readonly ReportedService[]> {
    return Promise.all(this.services.map((service) => service.describe()));
  }

  /** Applies the response to a full report; returns the services that the server did not accept. */
  applyReportAnswer(answer: Partial<ReportServicesResponse>): readonly RejectedService[] {
    for (const { id, code } of answer.services ?? []) this.codeById.set(id, code);
    const rejected = answer.rejected ?? [];
    const codes = this.services.map(({ code }) => code);
    this.accepted = new Set(codes.filter((code) => !rejected.some((service) => service.code === code)));
    return rejected;
  }

  private findByCode(code: string): HostedService | null {
    return this.services.find((service) => service.code === code) ?? null;
  }
}

const checkAll = (services: readonly HostedService[]): Promise<readonly ServiceHealthResult[]> =>
  Promise.all(services.map(async (service) => ({ code: service.code, health: await service.checkHealth() })));
