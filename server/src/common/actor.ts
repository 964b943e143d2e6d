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

/** An agent, authenticated by its own token. */
export interface AgentActor {
  readonly kind: 'agent';
  readonly id: AgentId;
  readonly code: string;
  readonly status: AgentStatus;
  /** SHA-256 of the token it presented. */
  readonly tokenHash: string;
  readonly origin: ClientInfo;
}

/** The server itself: bootstrap, maintenance, the command line on the host. */
export interface SystemActor {
  readonly kind: 'system';
}

/** The author of a change. */
export type Actor = UserActor | AgentActor | SystemActor;

/** The server as an actor. */
export const SYSTEM: SystemActor = { kind: 'system' };

/** Returns what to call the actor in a sentence: the user's name, or the operator at the host's command line. */
export const actorName = (actor: UserActor | SystemActor): string =>
  actor.kind === 'user' ? actor.username : 'The host’s operator';
