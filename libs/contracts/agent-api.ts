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

/** The cadence the server asks for, in seconds. */
export interface AgentCadence {
  readonly heartbeatIntervalSeconds: number;
  readonly commandPollIntervalSeconds: number;
  /** How long a poll may be held open; absent when the server does not hold polls. */
  readonly longPollSeconds?: number;
}

export interface RegisterAgentResponse extends AgentCadence {
  readonly agentId: AgentId;
  /** Shown this once. */
  readonly agentToken: string;
}

export interface HeartbeatRequest {
  readonly serviceId?: CapsuleServiceId;
  readonly health?: Health;
  readonly services?: readonly { readonly code: string; readonly health: Health }[];
}

export interface HeartbeatResponse extends AgentCadence {
  /** Commands this agent is running that an operator has cancelled. */
  readonly cancelledCommandIds?: readonly CommandId[];
  /** The agent should ask for a new token: its own is old, or about to end. */
  readonly rotateToken?: boolean;
}

export interface RotateAgentTokenResponse {
  /** Shown this once. The one before ends as soon as this is used, and in ten minutes at the latest. */
  readonly agentToken: string;
}

export interface ReportServicesRequest {
  readonly services: readonly ReportedService[];
  /** The list is all there is: services of this agent that it does not name are retired. */
  readonly complete?: boolean;
}

export interface AcceptedService extends CapsuleService {
  readonly accepted: true;
}

export interface RejectedService {
  readonly code: string;
  readonly error: 'CAPSULE_SERVICE_CODE_TAKEN';
}

export interface ReportServicesResponse {
  readonly services: readonly AcceptedService[];
  readonly rejected: readonly RejectedService[];
}

/** A command as its agent gets it: `payload` in the clear. */
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

/** What a running command has to say; what is left out stays as it was. */
export interface CommandProgressRequest {
  /** 0 to 100. */
  readonly percent?: number;
  readonly message?: string;
  /** Lines to add to the command's log. */
  readonly log?: readonly string[];
}

export interface CommandProgressResponse {
  /** An operator has cancelled the command: its handler should end. */
  readonly cancelled: boolean;
}
