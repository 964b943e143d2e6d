import type {
  AgentCommand,
  AgentDescription,
  CommandResultRequest,
  DetailResult,
  Health,
  HealthStatus,
  Instant,
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
  /** Of the error that the entry is about, with the stacks of its reasons. */
  readonly stack?: string;
}

/** Receives every log entry of the agent, with all tokens and the secrets of commands removed. May be asynchronous. */
export type LogSink = (entry: LogEntry) => unknown;

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
  /**
   * Proves that a credential of this agent could be saved, without changing the stored one; called before a registration
   * token is used. May return a secret to register with, the same every time until a credential is saved: with it, an answer
   * of the server that was lost can be given again. @throws when a credential could not be saved
   */
  prepare?(agentCode: string): Promise<string | undefined>;
}

/** One step of a command: its handler started, it finished with a result, or the server has settled that result. */
export type JournalEntry =
  | { readonly event: 'started'; readonly commandId: string; readonly at: Instant }
  | { readonly event: 'finished'; readonly commandId: string; readonly result: CommandResultRequest }
  | { readonly event: 'settled'; readonly commandId: string };

export interface JournalContent {
  /** The last entry of every remembered command, oldest first. */
  readonly entries: readonly JournalEntry[];
  /** What was wrong with the stored journal, as a sentence for the log. Commands of earlier runs may be unknown. */
  readonly trouble?: string;
  /** There was no journal: commands of earlier runs, if any, are unknown. */
  readonly isNew?: boolean;
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
  /** URL of the Opstage server, for example `https://opstage.example.com`. Default: `OPSTAGE_BACKEND_URL`. */
  readonly backendUrl?: string;
  /** Needed until the agent is registered. It works once. Default: `OPSTAGE_REGISTRATION_TOKEN`. */
  readonly registrationToken?: string;
  /**
   * Where to keep the agent's own token. Default: a `FileTokenStore` at `OPSTAGE_AGENT_TOKEN_FILE`, or at
   * `./data/<agent code>.agent-token.json`.
   */
  readonly tokenStore?: TokenStore;
  /** Where to record commands. Default: a file beside the token file, or in memory with another token store. */
  readonly journal?: CommandJournal;
  /**
   * The code defaults to `OPSTAGE_AGENT_CODE`, the name to `OPSTAGE_AGENT_NAME`; host name, operating system, architecture,
   * runtime and mode are detected.
   */
  readonly agent?: Partial<AgentDescription>;
  readonly service?: ServiceDescription;
  readonly services?: readonly ServiceDescription[];
  readonly intervals?: AgentIntervals;
  readonly timeouts?: AgentTimeouts;
  /** Maximum number of handlers running at the same time. Default 4. */
  readonly maxConcurrentCommands?: number;
  /** Default: one line per entry to stderr. */
  readonly onLog?: LogSink;
  /** Makes the calls, for example through a proxy or with a client certificate. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
  /** Keeps the process alive from `start()` until `stop()`. Default true. */
  readonly keepAlive?: boolean;
  /** Makes `start()` reject when the server refuses to register this agent, instead of logging it and retrying. */
  readonly strictMode?: boolean;
}

/** What a health check returns. Values that JSON cannot hold are replaced, and a message is shortened to 2,000 characters. */
export interface HealthAnswer {
  readonly status: HealthStatus;
  readonly message?: string;
  readonly details?: object;
}

/** What a health check or config function receives. */
export interface CheckContext {
  /** Aborts at the time limit. The function is not called again before it has ended. */
  readonly signal: AbortSignal;
}

/** Returns the current health of a service. */
export type HealthCheck = (context: CheckContext) => HealthAnswer | Promise<HealthAnswer>;

/** A config item; `valuePreview` and `defaultValue` can be anything that JSON holds. */
export interface ConfigItem extends Omit<ReportedConfigItem, 'valuePreview' | 'defaultValue'> {
  readonly valuePreview?: unknown;
  readonly defaultValue?: unknown;
}

/** Config items, or a function that returns the current ones. */
export type ConfigSource =
  readonly ConfigItem[] | ((context: CheckContext) => readonly ConfigItem[] | Promise<readonly ConfigItem[]>);

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

/** Data of a result. The named fields have a view of their own in the console; any other object is allowed too. */
export type ResultData =
  | object
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

/** A failure that a handler returns instead of throwing it. */
export interface ActionFailure {
  readonly success: false;
  /** An error, a text, or `{code, message}`. */
  readonly error?: unknown;
  readonly message?: string;
  readonly data?: ResultData;
}

/**
 * An outcome; a failure; any other object, which becomes the data; an array, a text or a number, which becomes the data's
 * `value`; or nothing. What JSON cannot hold is replaced, and the operator's message names it.
 */
export type ActionAnswer =
  ActionOutcome | ActionFailure | object | string | number | bigint | boolean | null | undefined | NothingReturned;

/** What a function without a `return` gives. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- only `void` accepts functions that are declared to return it.
export type NothingReturned = void;

/** Runs an action. If it throws, the command fails with the error's message and its `code`, if any. */
export type ActionHandler = (context: ActionContext) => ActionAnswer | Promise<ActionAnswer>;

/** The initial state of the operator's form. */
export interface Preparation {
  readonly initialPayload?: object;
  /** Shown beside the form. */
  readonly currentState?: unknown;
  /** Replaces the declared input schema for this execution. */
  readonly inputSchema?: object;
}

/** Returns the initial state of the operator's form. */
export type PrepareHandler = (context: ActionContext) => Preparation | Promise<Preparation>;

/** An action as reported to the server, and `prepare`, which fills the operator's form. */
export interface ActionDeclaration extends Omit<ReportedAction, 'inputSchema'> {
  /** JSON Schema of the payload. */
  readonly inputSchema?: object;
  readonly prepare?: PrepareHandler;
}

export interface ServiceHealthResult {
  readonly code: string;
  readonly health: Health;
}

/** A service of an agent. Health, configs and actions can also be added after the agent has started. */
export interface AgentService {
  readonly code: string;
  /** Called for every heartbeat and report, one call at a time; if it throws or takes too long, the service counts as DOWN. */
  health(check: HealthCheck): this;
  /** Config items to show; for sensitive ones the server only learns whether they are set. */
  configs(source: ConfigSource): this;
  /** Lets operators run `handler`. @throws TypeError when the declaration cannot be used or its name is taken */
  action(declaration: ActionDeclaration, handler: ActionHandler): this;
}
