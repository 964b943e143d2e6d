import type {
  AgentCommand,
  AgentDescription,
  CommandResultRequest,
  DetailResult,
  Health,
  Instant,
  Json,
  JsonObject,
  ListResult,
  Manifest,
  ReportedAction,
  ReportedConfigItem,
  ReportedService,
} from '../../contracts/index.js';

export const LogLevel = { info: 'info', warn: 'warn', error: 'error' } as const;
export type LogLevel = keyof typeof LogLevel;

export interface LogFields {
  readonly [name: string]: string | number | boolean | null | undefined;
}

export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** Receives every log entry of the agent, with all tokens removed. */
export type LogSink = (entry: LogEntry) => void;

/** The identity an agent keeps across restarts. */
export interface StoredCredential {
  readonly agentId: string;
  readonly agentToken: string;
  readonly agentCode: string;
  readonly backendUrl: string;
}

/** Where an agent keeps its token between restarts. */
export interface TokenStore {
  /** The stored credential, or null when there is none. @throws when the stored data cannot be used */
  load(): Promise<StoredCredential | null>;
  save(credential: StoredCredential): Promise<void>;
  clear(): Promise<void>;
}

/** One step of a command: its handler started, it finished with a result, or the server has settled that result. */
export type JournalEntry =
  | { readonly event: 'started'; readonly commandId: string; readonly at: Instant }
  | { readonly event: 'finished'; readonly commandId: string; readonly result: CommandResultRequest }
  | { readonly event: 'settled'; readonly commandId: string };

export interface JournalContent {
  /** The last entry of every remembered command, oldest first. */
  readonly entries: readonly JournalEntry[];
  /** What was wrong with the stored journal, as a sentence for the log. */
  readonly trouble?: string;
}

/** Where an agent records the commands it runs, so that it never runs one twice, even after a crash. */
export interface CommandJournal {
  /** Returns what earlier runs of this agent wrote. Called once, before the first write. */
  open(): Promise<JournalContent>;
  /** Resolves when a `started` entry would survive a crash of the machine, and any other entry a crash of the process. */
  write(entry: JournalEntry): Promise<void>;
  close(): Promise<void>;
}

/** Seconds between calls. A value given here takes precedence over the server's. */
export interface AgentIntervals {
  /** Default: the server's value, 30 until it is known. */
  readonly heartbeatSeconds?: number;
  /** Default: the server's value, 5 until it is known. */
  readonly pollSeconds?: number;
  /** Longest time to hold a poll open, if the server supports it; 0 polls at intervals. Default: the server's value. */
  readonly longPollSeconds?: number;
  /** Interval between full reports of unchanged services. Default 60. */
  readonly reportSeconds?: number;
  /** First delay after a failure; doubles up to `retryMaxSeconds`. Default 1. */
  readonly retryBaseSeconds?: number;
  /** Default 30. */
  readonly retryMaxSeconds?: number;
  /** Interval between attempts while the server rejects this agent. Default 60. */
  readonly refusedRetrySeconds?: number;
}

export interface AgentTimeouts {
  /** One call to the server. Default 15. */
  readonly requestSeconds?: number;
  /** One health or config function. Default 5. */
  readonly healthSeconds?: number;
  /** How long `stop()` waits for running handlers and their results. Default 10. */
  readonly stopSeconds?: number;
}

/** The static description of a service; add health, configs and actions to it afterwards. */
export interface ServiceDescription extends Pick<
  ReportedService,
  'code' | 'name' | 'description' | 'version' | 'runtime'
> {
  /** Merged into the generated manifest; the console shows `labels` and `capabilities`. */
  readonly manifest?: Partial<Pick<Manifest, 'labels' | 'capabilities'>> & { readonly [extra: string]: unknown };
}

export interface CapsuleAgentOptions {
  /** URL of the Opstage server, for example `https://opstage.example.com`. */
  readonly backendUrl: string;
  /** Needed until the agent is registered. It works once. */
  readonly registrationToken?: string;
  /** Where to keep the agent's own token. Default: `FileTokenStore` at `./data/agent-token.json`. */
  readonly tokenStore?: TokenStore;
  /** Where to record commands. Default: a file beside the token file, or in memory with another token store. */
  readonly journal?: CommandJournal;
  /** Host name, operating system, architecture, runtime and mode are detected unless given. */
  readonly agent: AgentDescription;
  readonly service?: ServiceDescription;
  readonly services?: readonly ServiceDescription[];
  readonly intervals?: AgentIntervals;
  readonly timeouts?: AgentTimeouts;
  /** Maximum number of handlers running at the same time. Default 4. */
  readonly maxConcurrentCommands?: number;
  /** Default: one line per entry to stderr. */
  readonly onLog?: LogSink;
  /** Makes `start()` reject when the server refuses to register this agent, instead of logging it and retrying. */
  readonly strictMode?: boolean;
}

/** Returns the current health of a service. */
export type HealthCheck = () => Health | Promise<Health>;

/** Config items, or a function that returns the current ones. */
export type ConfigSource =
  readonly ReportedConfigItem[] | (() => readonly ReportedConfigItem[] | Promise<readonly ReportedConfigItem[]>);

/** What a handler receives with a command. */
export interface ActionContext {
  readonly command: AgentCommand;
  /** The operator's input, validated by the server against the input schema; secrets are in clear text. */
  readonly payload: JsonObject;
  /** Aborts when an operator cancels the command, it times out, or the agent stops. */
  readonly signal: AbortSignal;
  /** Logs at info level with the command's id; also shown to operators who watch the command. */
  readonly log: (message: string, fields?: LogFields) => void;
  /** Reports progress from 0 to 100 and the current step; an omitted argument keeps its last value. */
  readonly progress: (percent?: number, message?: string) => void;
}

/** Data of a result. The named fields have a view of their own in the console; any other JSON is allowed too. */
export type ResultData =
  | JsonObject
  | {
      readonly list?: ListResult;
      readonly detail?: DetailResult;
      /** Shown once, to the operator who ran the action; never stored in clear text. */
      readonly generatedKey?: string;
    };

/** What a handler returns when it has a message for the operator, or data the console knows how to show. */
export interface ActionOutcome {
  readonly message?: string;
  readonly data?: ResultData;
}

/** An outcome, any other JSON object (which becomes the data), or nothing. */
export type ActionAnswer = ActionOutcome | JsonObject | undefined;

/** Runs an action. If it throws, the command fails with the error's message and its `code`, if any. */
export type ActionHandler = (context: ActionContext) => ActionAnswer | Promise<ActionAnswer>;

/** The initial state of the operator's form. */
export interface Preparation {
  readonly initialPayload?: JsonObject;
  /** Shown beside the form. */
  readonly currentState?: Json;
  /** Replaces the declared input schema for this execution. */
  readonly inputSchema?: JsonObject;
}

/** Returns the initial state of the operator's form. */
export type PrepareHandler = (context: ActionContext) => Preparation | Promise<Preparation>;

/** An action as reported to the server, and `prepare`, which fills the operator's form. */
export interface ActionDeclaration extends ReportedAction {
  readonly prepare?: PrepareHandler;
}

export interface ServiceHealthResult {
  readonly code: string;
  readonly health: Health;
}

/** A service of an agent. Health, configs and actions can also be added after the agent has started. */
export interface AgentService {
  readonly code: string;
  /** Called for every heartbeat and report; if it throws, the service counts as DOWN. */
  health(check: HealthCheck): this;
  /** Config items to show; for sensitive ones the server only learns whether they are set. */
  configs(source: ConfigSource): this;
  /** Lets operators run `handler`. @throws when the service already has an action with this name */
  action(declaration: ActionDeclaration, handler: ActionHandler): this;
}
