import type { AuditAction, AuditActorType, AuditResult, AuditTargetType } from '#contracts';
import type { Actor, RequestOrigin } from '../../common/http/identity.js';

/** Somebody who claimed to be a user or an agent and could not show it. */
export interface UnknownActor {
  readonly kind: 'unknown-user' | 'unknown-agent';
  readonly origin: RequestOrigin;
}

export type AuditActor = Actor | UnknownActor;

export interface AuditTarget {
  readonly type: AuditTargetType;
  readonly id: string | null;
}

/** What happened, as a service tells it. */
export interface AuditRecord {
  readonly actor: AuditActor;
  readonly action: AuditAction;
  readonly target: AuditTarget;
  /** One plain sentence. */
  readonly message: string;
  /** Default `SUCCESS`. */
  readonly result?: AuditResult;
  readonly metadata?: object;
}

/** The installation as a whole, as a target. */
export const WORKSPACE: AuditTarget = { type: 'Workspace', id: 'default' };

interface ActorColumns {
  readonly actorType: AuditActorType;
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

/** The columns an actor fills. */
export const actorColumns = (actor: AuditActor): ActorColumns => {
  switch (actor.kind) {
    case 'user':
      return { actorType: 'USER', actorId: actor.id, actorName: actor.username, ...actor.origin };
    case 'agent':
      return { actorType: 'AGENT', actorId: actor.id, actorName: actor.code, ...actor.origin };
    case 'system':
      return { actorType: 'SYSTEM', actorId: 'system', actorName: 'system', ipAddress: null, userAgent: null };
    case 'unknown-user':
      return { actorType: 'USER', actorId: null, actorName: null, ...actor.origin };
    case 'unknown-agent':
      return { actorType: 'AGENT', actorId: null, actorName: null, ...actor.origin };
  }
};
