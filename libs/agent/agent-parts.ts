import type { AgentLog } from './base/agent-log.js';
import type { CapsuleAgentOptions, CommandJournal, TokenStore } from './base/types.js';
import { CommandHistory } from './commands/command-history.js';
import { MemoryCommandJournal } from './commands/command-journal.js';
import { CommandPoller } from './commands/command-poller.js';
import { CommandRunner } from './commands/command-runner.js';
import { FileCommandJournal, journalFileOf } from './commands/file-command-journal.js';
import { ResultSender } from './commands/result-sender.js';
import { Cadence } from './connection/cadence.js';
import { Enrolment, describeAgent } from './connection/enrolment.js';
import { HttpTransport, parseBaseUrl } from './connection/http-transport.js';
import { Presence } from './connection/presence.js';
import { FileTokenStore } from './connection/token-store.js';
import { WireClient } from './connection/wire-client.js';
import { ProgressSender } from './progress/progress-sender.js';
import { ServiceRegistry } from './services/service-registry.js';
import { ServiceReporter } from './services/service-reporter.js';

/** The parts of an agent that `CapsuleAgent` drives. */
export interface AgentParts {
  readonly registry: ServiceRegistry;
  readonly enrolment: Enrolment;
  readonly presence: Presence;
  readonly reporter: ServiceReporter;
  readonly history: CommandHistory;
  readonly runner: CommandRunner;
  readonly poller: CommandPoller;
}

/**
 * Creates the parts of an agent and connects them. The callbacks refer to parts created further down: they are not
 * called before all parts exist.
 * @throws TypeError when the backend URL is invalid, there is no service, or two have the same code
 */
export const assemble = (options: CapsuleAgentOptions, log: AgentLog, lifetime: AbortSignal): AgentParts => {
  const { service, services = [], timeouts = {}, registrationToken, maxConcurrentCommands = 4 } = options;
  const agent = describeAgent(options.agent);
  const cadence = new Cadence(options.intervals ?? {});
  const wire = createWire(options, log, lifetime);
  const store = options.tokenStore ?? new FileTokenStore();
  const enrolment = new Enrolment({ wire, store, log, cadence, agent }, registrationToken);
  const registry = new ServiceRegistry(service ? [service, ...services] : services, {
    runtime: agent.runtime ?? 'nodejs',
    agentMode: agent.mode ?? 'embedded',
    limitSeconds: timeouts.healthSeconds ?? 5,
    log,
    onChange: () => {
      reporter.reportIfChanged();
    },
  });
  const presence = new Presence({
    wire,
    enrolment,
    cadence,
    log,
    heartbeat: async () => ({ services: await registry.checkAcceptedHealth() }),
    onOnline: () => {
      reporter.reportNow();
    },
    onAnswer: ({ cancelledCommandIds = [] }) => {
      runner.cancel(cancelledCommandIds);
    },
  });
  const reporter = new ServiceReporter({ wire, presence, registry, cadence, log });
  const results = new ResultSender({ wire, presence, cadence, log, lifetime });
  const progress = new ProgressSender({
    wire,
    presence,
    log,
    lifetime,
    onCancelled: (commandId) => {
      runner.cancel([commandId]);
    },
  });
  const history = new CommandHistory(options.journal ?? journalFor(store), log);
  const runner = new CommandRunner({ registry, history, results, progress, log, maxConcurrentCommands });
  const poller = new CommandPoller({ wire, presence, runner, cadence, log });
  return { registry, enrolment, presence, reporter, history, runner, poller };
};

const createWire = (options: CapsuleAgentOptions, log: AgentLog, lifetime: AbortSignal): WireClient =>
  new WireClient(
    new HttpTransport({
      baseUrl: parseBaseUrl(options.backendUrl),
      timeoutSeconds: options.timeouts?.requestSeconds ?? 15,
      mask: (text) => log.mask(text),
      lifetime,
    }),
  );

/** A file beside the token file; in memory with another kind of token store. */
const journalFor = (store: TokenStore): CommandJournal =>
  store instanceof FileTokenStore ? new FileCommandJournal(journalFileOf(store.path)) : new MemoryCommandJournal();
