import type { AgentDescription, AgentProcess } from '../contracts/index.js';
import type { AgentLog } from './base/agent-log.js';
import { readEnvironment } from './base/environment.js';
import type { CapsuleAgentOptions, CommandJournal, TokenStore } from './base/types.js';
import { CommandHistory } from './commands/command-history.js';
import { MemoryCommandJournal } from './commands/command-journal.js';
import { CommandPoller } from './commands/command-poller.js';
import { CommandRunner } from './commands/command-runner.js';
import { FileCommandJournal, journalFileOf } from './commands/file-command-journal.js';
import { ResultSender } from './commands/result-sender.js';
import { AnswerWarnings } from './connection/answer-warnings.js';
import { Cadence } from './connection/cadence.js';
import { Enrolment, describeAgent } from './connection/enrolment.js';
import { GuardedStore } from './connection/guarded-store.js';
import { HttpTransport, parseBaseUrl } from './connection/http-transport.js';
import { Presence } from './connection/presence.js';
import { FileTokenStore, besideTokenFile, defaultTokenFile } from './connection/token-store.js';
import { WireClient } from './connection/wire-client.js';
import { ProgressSender } from './progress/progress-sender.js';
import { ServiceRegistry } from './services/service-registry.js';
import { ServiceReporter } from './services/service-reporter.js';

/** The parts of an agent that `CapsuleAgent` drives. */
export interface AgentParts {
  readonly agent: AgentDescription;
  /** Where to lock the files of this agent; null when it has none. */
  readonly lockFile: string | null;
  readonly registry: ServiceRegistry;
  readonly enrolment: Enrolment;
  readonly presence: Presence;
  readonly reporter: ServiceReporter;
  readonly history: CommandHistory;
  readonly results: ResultSender;
  readonly runner: CommandRunner;
  readonly poller: CommandPoller;
}

/**
 * Creates the parts of an agent and connects them. The callbacks refer to parts created further down: they are not
 * called before all parts exist.
 * @throws TypeError when an option cannot be used, there is no service, or two have the same code
 */
export const assemble = (options: CapsuleAgentOptions, log: AgentLog, lifetime: AbortSignal): AgentParts => {
  const environment = readEnvironment();
  const { agentCode: code, agentName: name } = environment;
  const agent = describeAgent({ code, name, ...withoutUnset(options.agent ?? {}) });
  const cadence = new Cadence(options.intervals ?? {});
  const wire = createWire({ backendUrl: environment.backendUrl, ...withoutUnset(options) }, log, lifetime);
  const tokenStore = options.tokenStore ?? new FileTokenStore(environment.tokenFile ?? defaultTokenFile(agent.code));
  const enrolment = new Enrolment(
    { wire, store: new GuardedStore(tokenStore), log, cadence, agent },
    options.registrationToken ?? environment.registrationToken,
  );
  const registry = createRegistry(options, agent, log, () => {
    reporter.reportIfChanged();
  });
  const presence = new Presence({
    wire,
    enrolment,
    cadence,
    log,
    agent: factsOf(agent),
    heartbeat: async () => ({ services: await registry.checkAcceptedHealth() }),
    onOnline: () => {
      progress.tryAgain();
      reporter.reportNow();
    },
    onAnswer: ({ cancelledCommandIds = [] }) => {
      runner.cancel(cancelledCommandIds);
    },
  });
  const reporter = new ServiceReporter({ wire, presence, registry, cadence, log });
  const results = new ResultSender({ wire, presence, cadence, log, lifetime });
  const onCancelled = (id: string): void => {
    runner.cancel([id]);
  };
  const progress = new ProgressSender({ wire, presence, log, lifetime, onCancelled });
  const hasEarlierRuns = (): Promise<boolean> => enrolment.hasEarlierRuns();
  const history = new CommandHistory(options.journal ?? journalFor(tokenStore), log, hasEarlierRuns);
  const { maxConcurrentCommands = 4 } = options;
  const runner = new CommandRunner({ registry, history, results, progress, log, maxConcurrentCommands });
  const poller = new CommandPoller({ wire, presence, runner, cadence, log });
  const lockFile = tokenStore instanceof FileTokenStore ? besideTokenFile(tokenStore.path, 'lock') : null;
  return { agent, lockFile, registry, enrolment, presence, reporter, history, results, runner, poller };
};

const factsOf = ({ code: _, mode: __, ...facts }: AgentDescription): AgentProcess => facts;

const createWire = (options: CapsuleAgentOptions, log: AgentLog, lifetime: AbortSignal): WireClient => {
  const warnings = new AnswerWarnings(log);
  const transport = new HttpTransport({
    baseUrl: parseBaseUrl(options.backendUrl ?? ''),
    timeoutSeconds: options.timeouts?.requestSeconds ?? 15,
    mask: (text) => log.mask(text),
    lifetime,
    fetch: options.fetch,
  });
  return new WireClient(transport, (call, problems) => {
    warnings.note(call, problems);
  });
};

const createRegistry = (
  { service, services = [], timeouts = {} }: CapsuleAgentOptions,
  agent: AgentDescription,
  log: AgentLog,
  onChange: () => void,
): ServiceRegistry =>
  new ServiceRegistry(service ? [service, ...services] : services, {
    runtime: agent.runtime ?? 'nodejs',
    agentMode: agent.mode ?? 'embedded',
    limitSeconds: timeouts.healthSeconds ?? 5,
    log,
    onChange,
  });

/** The options that are set, so that the others do not hide a default. */
const withoutUnset = <T extends object>(options: T): Partial<T> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;

/** A file beside the token file; in memory with another kind of token store. */
const journalFor = (store: TokenStore): CommandJournal =>
  store instanceof FileTokenStore ? new FileCommandJournal(journalFileOf(store.path)) : new MemoryCommandJournal();
