import type {
  AgentCommand,
  AgentDescription,
  DetailResult,
  Health,
  Json,
  JsonObject,
  ListResult,
  Manifest,
  ReportedAction,
  ReportedConfigItem,
  ReportedService,
} from '#contracts';
import type { LogFields, LogSink } from './agent-log.js';
import type { CommandJournal } from '../commands/command-journal.js';
import type { TokenStore } from '../connection/token-store.js';

/** Seconds between calls. What is given here wins over what the server asks for. */
export interface AgentIntervals {
  /** Default: what the server says, 30 until it has. */
  readonly heartbeatSeconds?: number;
  /** Default: what the server says, 5 until it has. */
  readonly pollSeconds?: number;
  /** How long a poll is held open at most, where the server offers that; 0 for polls at intervals. Default: as it offers. */
  readonly longPollSeconds?: number;
  /** Between two full reports of unchanged services. Default 60. */
  readonly reportSeconds?: number;
  /** The first wait after a failure; doubles up to `retryMaxSeconds`. Default 1. */
  readonly retryBaseSeconds?: number;
  /** Default 30. */
  readonly retryMaxSeconds?: number;
  /** Between attempts while the server keeps this agent out. Default 60. */
  readonly refusedRetrySeconds?: number;
}

export interface AgentTimeouts {
  /** For one call to the server. Default 15. */
  readonly requestSeconds?: number;
  /** For one health or config function. Default 5. */
  readonly healthSeconds?: number;
  /** How long `stop()` waits for running handlers and their results. Default 10. */
  readonly stopSeconds?: number;
}

/** A service as its process describes it; health, configs and actions are added to it afterwards. */
export interface ServiceDescription extends Pick<
  ReportedService,
  'code' | 'name' | 'description' | 'version' | 'runtime'
> {
  /** Added to the manifest that is derived from the service; `labels` and `capabilities` are shown in the console. */
  readonly manifest?: Partial<Pick<Manifest, 'labels' | 'capabilities'>> & { readonly [extra: string]: unknown };
}

export interface CapsuleAgentOptions {
  /** Where the Opstage server is, for example `https://opstage.example.com`. */
  readonly backendUrl: string;
  /** Needed until the agent is registered; used up by that. */
  readonly registrationToken?: string;
  /** Where the agent's own token is kept. Default: `FileTokenStore` at `./data/agent-token.json`. */
  readonly tokenStore?: TokenStore;
  /** Where is kept what became of each command. Default: a file beside the token's; in memory when that is in no file. */
  readonly journal?: CommandJournal;
  /** Host name, system, architecture, runtime and mode are filled in when left out. */
  readonly agent: AgentDescription;
  readonly service?: ServiceDescription;
  readonly services?: readonly ServiceDescription[];
  readonly intervals?: AgentIntervals;
  readonly timeouts?: AgentTimeouts;
  /** Handlers that may run at the same time. Default 4. */
  readonly maxConcurrentCommands?: number;
  /** Default: one line per entry to stderr. */
  readonly onLog?: LogSink;
  /** Have `start()` reject when the server refuses to register this agent, instead of logging it and trying on. */
  readonly strictMode?: boolean;
}

/** Says how a service is, now. */
export type HealthCheck = () => Health | Promise<Health>;

/** Config items, or a function that gives them as they are now. */
export type ConfigSource =
  readonly ReportedConfigItem[] | (() => readonly ReportedConfigItem[] | Promise<readonly ReportedConfigItem[]>);

/** What a handler knows of the command it is to carry out. */
export interface ActionContext {
  readonly command: AgentCommand;
  /** As the operator gave it, checked by the server against the input schema; secrets in the clear. */
  readonly payload: JsonObject;
  /** Aborts when an operator cancels the command, its time is up, or the agent stops. */
  readonly signal: AbortSignal;
  /** Logs at info level, with the command's id; the operator who follows the command sees it too. */
  readonly log: (message: string, fields?: LogFields) => void;
  /** Says how far the work is, from 0 to 100, and what it is at; what is left out stays as it was. */
  readonly progress: (percent?: number, message?: string) => void;
}

/** Data of a result. What the console draws in a way of its own has a type; anything else may be there too. */
export type ResultData =
  | JsonObject
  | {
      readonly list?: ListResult;
      readonly detail?: DetailResult;
      /** Shown once, to the operator who asked for it; stored nowhere in the clear. */
      readonly generatedKey?: string;
    };

/** What a handler answers with when it has a message for the operator, or data of a known kind. */
export interface ActionOutcome {
  readonly message?: string;
  readonly data?: ResultData;
}

/** An outcome, any other JSON object (which then is the data), or nothing. */
export type ActionAnswer = ActionOutcome | JsonObject | undefined;

/** Carries an action out. What it throws fails the command, with the error's `code` if it has one. */
export type ActionHandler = (context: ActionContext) => ActionAnswer | Promise<ActionAnswer>;

/** What the operator's form starts with. */
export interface Preparation {
  readonly initialPayload?: JsonObject;
  /** Shown beside the form. */
  readonly currentState?: Json;
  /** Replaces the declared input schema for this one execution. */
  readonly inputSchema?: JsonObject;
}

/** Says what the operator's form starts with, now. */
export type PrepareHandler = (context: ActionContext) => Preparation | Promise<Preparation>;

/** What the server is told of an action; `prepare`, which it is not told, fills the operator's form. */
export interface ActionDeclaration extends ReportedAction {
  readonly prepare?: PrepareHandler;
}

export interface ServiceHealthResult {
  readonly code: string;
  readonly health: Health;
}

/** A service of an agent, to add to what it shows and can do; also after the agent has started. */
export interface AgentService {
  readonly code: string;
  /** Asked for every heartbeat and report; what it throws counts as DOWN. */
  health(check: HealthCheck): this;
  /** Config items to show; of sensitive ones the server only learns whether they are set. */
  configs(source: ConfigSource): this;
  /** Lets operators run `handler`. @throws when the service already has an action of this name */
  action(declaration: ActionDeclaration, handler: ActionHandler): this;
}
