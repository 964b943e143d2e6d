import type { AgentCommand, ReportedService, ReportServicesResponse } from '#contracts';
import { HostedService, type ServiceSurroundings } from './hosted-service.js';
import type { ServiceDescription, ServiceHealthResult } from '../base/types.js';

/** The services of this agent, and what the server has made of them. */
export class ServiceRegistry {
  private readonly services: readonly HostedService[];
  private readonly codeById = new Map<string, string>();
  private accepted: ReadonlySet<string> = new Set();

  /** @throws when there is no service, or two have the same code */
  constructor(descriptions: readonly ServiceDescription[], surroundings: ServiceSurroundings) {
    this.services = descriptions.map((description) => new HostedService(description, surroundings));
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

  /** The one service there is. @throws when there are several */
  getOnly(): HostedService {
    const [only, another] = this.services;
    if (!only || another) throw new Error('This agent has several services: name one with agent.service(code).');
    return only;
  }

  /** The service a command is for, or null. A server that does not name its code names its id. */
  findFor(command: Partial<AgentCommand>): HostedService | null {
    const code = command.serviceCode ?? this.codeById.get(command.serviceId ?? '');
    if (code !== undefined) return this.findByCode(code);
    return this.services.length === 1 ? this.getOnly() : null;
  }

  /** The health of every service, now. */
  checkHealth(): Promise<readonly ServiceHealthResult[]> {
    return checkAll(this.services);
  }

  /** The health of the services the server keeps for this agent: what a heartbeat says. */
  checkAcceptedHealth(): Promise<readonly ServiceHealthResult[]> {
    return checkAll(this.services.filter(({ code }) => this.accepted.has(code)));
  }

  /** Every service as it is to be reported, without its health. */
  describe(): Promise<readonly ReportedService[]> {
    return Promise.all(this.services.map((service) => service.describe()));
  }

  /** Takes in the answer to a full report; gives the codes of the services that the server keeps for another agent. */
  learn(answer: Partial<ReportServicesResponse>): readonly string[] {
    for (const { id, code } of answer.services ?? []) this.codeById.set(id, code);
    const rejected = (answer.rejected ?? []).map(({ code }) => code);
    this.accepted = new Set(this.services.map(({ code }) => code).filter((code) => !rejected.includes(code)));
    return rejected;
  }

  private findByCode(code: string): HostedService | null {
    return this.services.find((service) => service.code === code) ?? null;
  }
}

const checkAll = (services: readonly HostedService[]): Promise<readonly ServiceHealthResult[]> =>
  Promise.all(services.map(async (service) => ({ code: service.code, health: await service.checkHealth() })));
