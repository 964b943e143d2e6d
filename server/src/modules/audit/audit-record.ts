import {
  type AgentId,
  type AuditAction,
  type AuditActorType,
  type AuditEventId,
  type AuditResult,
  type AuditTargetType,
  type CapsuleServiceId,
  type Change,
  ChangeTopic,
} from '#contracts';
import type { Actor, ClientInfo } from '../../common/actor.js';

/** A caller who claimed to be a user or an agent but could not prove it. */
export interface UnknownActor {
  readonly kind: 'unknown-user' | 'unknown-agent';
  readonly origin: ClientInfo;
}

export type AuditActor = Actor | UnknownActor;

export interface AuditTarget {
  readonly type: AuditTargetType;
  readonly id: string | null;
}

/** An event as services record it. */
export interface AuditRecord {
  readonly actor: AuditActor;
  readonly action: AuditAction;
  readonly target: AuditTarget;
  /** One plain sentence. */
  readonly message: string;
  /** Default `SUCCESS`. */
  readonly result?: AuditResult;
  readonly metadata?: object;
  /** Related things besides target and actor, for change subscribers; not stored. */
  readonly related?: Related;
}

export interface Related {
  readonly agentId?: AgentId;
  readonly serviceId?: CapsuleServiceId;
}

/** The agent and the service that something belongs to. */
export const relatedTo = ({ agentId, serviceId }: Required<Related>): Related => ({ agentId, serviceId });

/** The whole installation as a target. */
export const WORKSPACE: AuditTarget = { type: 'Workspace', id: 'default' };

interface ActorColumns {
  readonly actorType: AuditActorType;
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

/** The columns of an actor. */
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

const TOPICS: Readonly<Record<AuditTargetType, ChangeTopic | null>> = {
  Agent: ChangeTopic.AGENT,
  CapsuleService: ChangeTopic.SERVICE,
  Command: ChangeTopic.COMMAND,
  RegistrationToken: ChangeTopic.REGISTRATION_TOKEN,
  User: ChangeTopic.USER,
  Workspace: ChangeTopic.SETTINGS,
  Backup: null,
  AuditEvent: null,
};

/** The changes that an audit event implies: to the audit itself, and to its target. */
export const changesOf = (record: AuditRecord, eventId: AuditEventId): readonly Change[] => {
  const { action, actor, related, target } = record;
  const topic = TOPICS[target.type];
  const audit: Change = { topic: ChangeTopic.AUDIT, id: eventId };
  if (!topic) return [audit];
  const agentId = actor.kind === 'agent' ? { agentId: actor.id } : {};
  return [audit, { topic, id: target.id, action, ...agentId, ...ownId(target), ...related }];
};

const ownId = ({ type, id }: AuditTarget): Related => {
  if (id === null) return {};
  if (type === 'Agent') return { agentId: id as AgentId };
  return type === 'CapsuleService' ? { serviceId: id as CapsuleServiceId } : {};
};
