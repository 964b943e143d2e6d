import type { CommandError } from './commands.js';
import type { AgentMode, CommandStatus, CommandType } from './enums.js';
import type { JsonObject } from './envelope.js';
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

export interface HeartbeatRequest {
  readonly serviceId?: CapsuleServiceId;
  readonly health?: Health;
  readonly services?: readonly { readonly code: string; readonly health: Health }[];
}

export interface HeartbeatResponse extends AgentCadence {
  /** Running commands of this agent that an operator has cancelled. */
  readonly cancelledCommandIds?: readonly CommandId[];
  /** The agent should request a new token, because its own is old or about to expire. */
  readonly rotateToken?: boolean;
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
}

/** Why a reported service was not stored: another live agent owns it, or the agent has as many services as it may. */
export type ServiceRejection = 'CAPSULE_SERVICE_CODE_TAKEN' | 'AGENT_SERVICE_LIMIT';

export interface RejectedService {
  readonly code: string;
  readonly error: ServiceRejection;
}

export interface ReportServicesResponse {
  readonly services: readonly AcceptedService[];
  readonly rejected: readonly RejectedService[];
}

/** A command as its agent receives it, with secrets in `payload` in clear text. */
export interface AgentCommand {
  readonly id: CommandId;
  readonly type: CommandType;
  readonly status: CommandStatus;
  readonly serviceId: CapsuleServiceId;
  readonly serviceCode: string;
  readonly actionName: string;
  readonly payload: JsonObject;
  readonly createdAt: Instant;
  readonly startedAt: Instant;
  readonly expiresAt: Instant;
  readonly timeoutSeconds: number | null;
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
}
