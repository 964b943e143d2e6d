import type { CommandError, CommandResult } from './commands.js';
import type { AgentMode, CommandStatus, CommandType } from './enums.js';
import type { JsonObject } from './envelope.js';
import type { ValidationIssue } from './errors.js';
import type { AgentId, CapsuleServiceId, CommandId, Instant } from './ids.js';
import type { CapsuleService, Health, ReportedService } from './services.js';

export const CODE_PATTERN = /^[a-z0-9][a-z0-9_-]*$/;
export const MAX_CODE_LENGTH = 80;

export interface AgentDescription {
  readonly code: string;
  readonly name?: string;
  readonly mode?: AgentMode;
  readonly runtime?: string;
  readonly version?: string;
  readonly hostname?: string;
  readonly os?: string;
  readonly arch?: string;
}

export interface RegisterAgentRequest {
  readonly registrationToken: string;
  /**
   * Random text of at least 128 bits that the agent makes and keeps next to its token. When the answer is lost, the same
   * token, code and key are answered again within ten minutes, with a fresh agent token, unless the first one was used.
   */
  readonly enrolmentKey?: string;
  readonly agent: AgentDescription;
  readonly service?: ReportedService;
}

/** The intervals the server requests, in seconds. */
export interface AgentCadence {
  readonly heartbeatIntervalSeconds: number;
  readonly commandPollIntervalSeconds: number;
  /** How long a poll may be held open; absent when the server does not hold polls. */
  readonly longPollSeconds?: number;
}

export interface RegisterAgentResponse extends AgentCadence {
  readonly agentId: AgentId;
  /** Returned only here. */
  readonly agentToken: string;
}

/**
 * What of a request could not be kept as it was sent, by its path in the request: it was shortened, cleaned, replaced or left out, and
 * everything else was stored. Absent when all of it was kept.
 */
export type Warnings = readonly ValidationIssue[];

/** What an agent says of its process; it may differ from what it registered with. */
export type AgentProcess = Pick<AgentDescription, 'name' | 'runtime' | 'version' | 'hostname' | 'os' | 'arch'>;

export interface HeartbeatRequest {
  readonly serviceId?: CapsuleServiceId;
  readonly health?: Health;
  readonly services?: readonly { readonly code: string; readonly health: Health }[];
  /** With the first heartbeat of a process. Fields that are left out stay as they were. */
  readonly agent?: AgentProcess;
  /** With the last heartbeat of a process that stops in an orderly way. */
  readonly leaving?: Leaving;
}

/** An orderly stop. */
export interface Leaving {
  /** After how many seconds the agent expects to be back; left out when it does not know. */
  readonly backInSeconds?: number;
}

export interface HeartbeatResponse extends AgentCadence {
  /** Running commands of this agent that an operator has cancelled. */
  readonly cancelledCommandIds?: readonly CommandId[];
  /** The agent should request a new token, because its own is old or about to expire. */
  readonly rotateToken?: boolean;
  readonly warnings?: Warnings;
}

export interface RotateAgentTokenResponse {
  /** Returned only here. The previous token expires when this one is used, and after ten minutes at the latest. */
  readonly agentToken: string;
}

export interface ReportServicesRequest {
  readonly services: readonly ReportedService[];
  /** The list is complete: the server retires services of this agent that are not in it. */
  readonly complete?: boolean;
}

export interface AcceptedService extends CapsuleService {
  readonly accepted: true;
  /** What of this service could not be kept or used as it was reported, by its path in the reported service; absent when nothing. */
  readonly warnings?: readonly ValidationIssue[];
}

/**
 * Why a reported service was not stored: another live agent owns it, the agent has as many services as it may, or it contradicts itself.
 */
export type ServiceRejection = 'CAPSULE_SERVICE_CODE_TAKEN' | 'AGENT_SERVICE_LIMIT' | 'VALIDATION_FAILED';

/** A service of a report of which nothing but its health was stored. */
export interface RejectedService {
  /** As it was reported; empty when it had none. */
  readonly code: string;
  readonly error: ServiceRejection;
  /** The reason, for a person. */
  readonly message?: string;
}

export interface ReportServicesResponse {
  readonly services: readonly AcceptedService[];
  readonly rejected: readonly RejectedService[];
  readonly warnings?: Warnings;
}

/** A command as its agent receives it, with secrets in `payload` in clear text. */
export interface AgentCommand {
  readonly id: CommandId;
  readonly type: CommandType;
  readonly status: CommandStatus;
  readonly agentId: AgentId;
  readonly serviceId: CapsuleServiceId;
  readonly serviceCode: string;
  readonly actionName: string;
  readonly payload: JsonObject;
  readonly createdAt: Instant;
  /** When it was handed out; it has until `expiresAt` to be answered. */
  readonly startedAt: Instant;
  readonly expiresAt: Instant;
  readonly timeoutSeconds: number | null;
  /** It was handed out before, and this agent did not name it in `holding`. */
  readonly redelivered?: true;
}

export interface CommandResultRequest {
  readonly success: boolean;
  readonly message?: string;
  readonly data?: JsonObject;
  readonly error?: CommandError;
  readonly startedAt?: Instant;
  readonly finishedAt?: Instant;
}

/** Progress of a running command; omitted fields keep their last value. */
export interface CommandProgressRequest {
  /** 0 to 100. */
  readonly percent?: number;
  readonly message?: string;
  /** Lines to add to the command's log. */
  readonly log?: readonly string[];
}

export interface CommandProgressResponse {
  /** An operator has cancelled the command, so its handler should stop. */
  readonly cancelled: boolean;
  readonly warnings?: Warnings;
}

/** A result as it was stored, for the agent that sent it. */
export interface SubmittedResult extends CommandResult {
  readonly warnings?: Warnings;
}
