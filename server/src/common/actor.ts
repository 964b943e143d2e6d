import type { AgentId, AgentStatus, Role, SessionId, UserId } from '#contracts';

/** Where a request came from. */
export interface ClientInfo {
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

/** A signed-in user. */
export interface UserActor {
  readonly kind: 'user';
  readonly id: UserId;
  readonly username: string;
  readonly role: Role;
  readonly sessionId: SessionId;
  readonly origin: ClientInfo;
}

/** An agent that showed its own token. */
export interface AgentActor {
  readonly kind: 'agent';
  readonly id: AgentId;
  readonly code: string;
  readonly status: AgentStatus;
  /** SHA-256 of the token it showed. */
  readonly tokenHash: string;
  readonly origin: ClientInfo;
}

/** The server itself: bootstrap, sweeps, the host's own command line. */
export interface SystemActor {
  readonly kind: 'system';
}

/** The two identities a request can have; nothing else authenticates. */
export type Identity = UserActor | AgentActor;
export type Actor = Identity | SystemActor;

export const SYSTEM: SystemActor = { kind: 'system' };

/** What a sentence calls whoever administers: a user, or who works on the host. */
export const actorName = (actor: UserActor | SystemActor): string =>
  actor.kind === 'user' ? actor.username : 'The host’s operator';
