import type { CommandStatus, CommandType, ValueFormat } from './enums.js';
import type { Json, JsonObject } from './envelope.js';
import type { AgentId, CapsuleServiceId, CommandId, CommandResultId, Instant, UserId } from './ids.js';
import type { ServiceAction } from './services.js';

/** Replaces every secret. */
export const REDACTED = '[REDACTED]';

/** A command as operators see it: secrets in `payload` are `[REDACTED]`. */
export interface Command {
  readonly id: CommandId;
  readonly type: CommandType;
  readonly status: CommandStatus;
  readonly serviceId: CapsuleServiceId;
  readonly serviceCode: string;
  readonly serviceName: string;
  readonly agentId: AgentId;
  readonly agentName: string;
  readonly actionName: string;
  /** As the service currently declares the action; null when it no longer does. */
  readonly actionLabel: string | null;
  readonly payload: JsonObject;
  readonly createdByUserId: UserId | null;
  readonly createdByUsername: string | null;
  /** The command that this one repeats. */
  readonly retryOfCommandId: CommandId | null;
  readonly createdAt: Instant;
  /** When a poll dispatched it. */
  readonly startedAt: Instant | null;
  /** When it reached a terminal state. */
  readonly completedAt: Instant | null;
  /** The end of the clock in force: until a poll claims it, and then until it is answered. */
  readonly expiresAt: Instant;
  /** From `startedAt` to `completedAt`; null until both are known. */
  readonly durationMs: number | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}

export interface CommandError {
  readonly code: string;
  readonly message: string;
  readonly [extra: string]: Json | undefined;
}

export interface CommandResult {
  readonly id: CommandResultId;
  readonly commandId: CommandId;
  readonly success: boolean;
  readonly message: string | null;
  readonly data: JsonObject | null;
  readonly error: CommandError | null;
  /** According to the agent's clock. */
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly reportedAt: Instant;
  /** The result arrived after the command had expired or was cancelled; it did not change the command. */
  readonly late: boolean;
}

/** The last progress the agent reported. */
export interface CommandProgress {
  /** 0 to 100. */
  readonly percent: number | null;
  readonly message: string | null;
  /** The newest lines, oldest first. */
  readonly log: readonly string[];
  readonly updatedAt: Instant;
}

export interface CommandDetail extends Command {
  readonly result: CommandResult | null;
  /** Null until the agent reports progress. */
  readonly progress: CommandProgress | null;
}

export interface ExecuteActionRequest {
  readonly payload?: JsonObject;
  readonly confirmation?: boolean;
  /** A succeeded prepare of the same action; its schema is then used for validation. */
  readonly prepareCommandId?: CommandId;
}

export interface PreparedAction {
  readonly action: ServiceAction;
  readonly initialPayload: JsonObject;
  readonly currentState: Json;
  readonly prepareCommand: Command;
}

export interface ListColumn {
  readonly key: string;
  readonly label: string;
  readonly format?: ValueFormat;
  readonly copyable?: boolean;
  readonly ellipsis?: boolean;
  readonly width?: number;
}

/** `$row.path` strings in `payload` are filled from the row. */
export interface RowAction {
  readonly label: string;
  readonly action: string;
  readonly payload?: JsonObject;
  readonly danger?: boolean;
  readonly confirm?: boolean | string;
}

/** `data.list` of a result, which the console shows as a table. */
export interface ListResult {
  readonly title?: string;
  readonly emptyText?: string;
  readonly pageSize?: number;
  readonly columns: readonly ListColumn[];
  readonly data: readonly JsonObject[];
  readonly rowActions?: readonly RowAction[];
  readonly pageActions?: readonly RowAction[];
}

/** `data.detail` of a result, which the console shows as a list of fields. */
export interface DetailResult {
  readonly title?: string;
  readonly data: JsonObject;
  readonly fields: readonly { readonly key: string; readonly label: string; readonly format?: ValueFormat }[];
  readonly actions?: readonly RowAction[];
}
