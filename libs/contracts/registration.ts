import type { TokenStatus } from './enums.js';
import type { AgentId, Instant, RegistrationTokenId, UserId } from './ids.js';

export const REGISTRATION_TOKEN_PREFIX = 'opstage_reg_';
export const AGENT_TOKEN_PREFIX = 'opstage_agent_';
export const DEFAULT_REGISTRATION_TOKEN_TTL_SECONDS = 3600;
export const MIN_REGISTRATION_TOKEN_TTL_SECONDS = 60;

export interface CreateRegistrationTokenRequest {
  readonly name?: string;
  /** Seconds from now; at least 60; `null` for a token that never expires. Default 3600. */
  readonly expiresInSeconds?: number | null;
  /** Restricts the token to the agent with this code, including a live or revoked one. */
  readonly agentCode?: string;
  /** Restricts the token to these networks, IPv4 or IPv6. */
  readonly allowedCidrs?: readonly string[];
}

export interface RegistrationToken {
  readonly id: RegistrationTokenId;
  readonly name: string | null;
  /** The first characters of the token, to identify it. */
  readonly tokenPrefix: string;
  readonly status: TokenStatus;
  readonly agentCode: string | null;
  readonly allowedCidrs: readonly string[];
  readonly createdByUserId: UserId | null;
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
  readonly usedAt: Instant | null;
  readonly usedByAgentId: AgentId | null;
  readonly revokedAt: Instant | null;
}

/** The only response that contains the token itself; `token` and `rawToken` are the same value. */
export interface CreatedRegistrationToken extends RegistrationToken {
  readonly token: string;
  readonly rawToken: string;
}
