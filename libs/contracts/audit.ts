import type { AuditActorType, AuditResult, AuditTargetType } from './enums.js';
import type { JsonObject } from './envelope.js';
import type { AuditEventId, Instant } from './ids.js';

/** Every audited action, by the actor type that does it. A name is forever and reads `thing.happened`. */
export const AUDIT_ACTIONS = {
  USER: [
    'session.login.succeeded',
    'session.login.failed',
    'session.logout',
    'session.csrf.refreshed',
    'session.ended',
    'registration_token.created',
    'registration_token.revoked',
    'registration_token.deleted',
    'agent.disabled',
    'agent.enabled',
    'agent.revoked',
    'service.moved',
    'service.action.prepare_requested',
    'service.action.requested',
    'command.created',
    'command.cancelled',
    'command.retried',
    'command.secret.revealed',
    'user.created',
    'user.updated',
    'user.password.reset',
    'user.password.changed',
    'user.password.rejected',
    'passkey.registered',
    'passkey.renamed',
    'passkey.removed',
    'passkey.counter.regressed',
    'user.passkeys.reset',
    'settings.maintenance.updated',
    'settings.sign_in.updated',
    'maintenance.triggered',
    'backup.sqlite.created',
    'audit.exported',
    'access.denied',
  ],
  AGENT: [
    'registration_token.consumed',
    'registration.rejected',
    'agent.registered',
    'agent.token.rotated',
    'agent_token.rejected',
    'access.denied',
    'agent.heartbeat.received',
    'service.reported',
    'service.config.changed',
    'service.version.changed',
    'service.health.changed',
    'service.moved',
    'service.retired',
    'service.report.rejected',
    'command.dispatched',
    'command.returned',
    'command.completed',
    'command.failed',
    'command.late_result.received',
  ],
  SYSTEM: [
    'system.bootstrap.completed',
    'system.agent.offline',
    'system.service.stale',
    'system.command.expired',
    'system.registration_token.expired',
    'maintenance.run',
    'backup.scheduled.created',
    'backup.restored',
  ],
} as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[keyof typeof AUDIT_ACTIONS][number];

export interface AuditEvent {
  readonly id: AuditEventId;
  readonly actorType: AuditActorType;
  /** The user or agent; `system` for the server itself; null when nobody could be identified. */
  readonly actorId: string | null;
  /** The name the actor was known by at the time. */
  readonly actorName: string | null;
  readonly action: AuditAction;
  readonly targetType: AuditTargetType;
  readonly targetId: string | null;
  readonly result: AuditResult;
  readonly message: string;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly metadata: JsonObject;
  readonly createdAt: Instant;
}

export const AUDIT_EXPORT_FORMATS = ['csv', 'json', 'jsonl'] as const;
export type AuditExportFormat = (typeof AUDIT_EXPORT_FORMATS)[number];

/** One link of the chain that seals the audit. Hashes are SHA-256, signatures HMAC-SHA-256, both in base64url. */
export interface AuditSeal {
  /** From 1, without gaps. */
  readonly sequence: number;
  /** Where its first event stands in the whole audit, from 1. */
  readonly firstPosition: number;
  readonly eventCount: number;
  /** A line `<event id> <hash of the event>` for each event, in their order. */
  readonly entries: string;
  readonly newestEventAt: Instant;
  readonly sealedAt: Instant;
  /** The hash of the seal before. */
  readonly previousHash: string;
  readonly hash: string;
  readonly signature: string;
}

/** What retention left of the beginning of the chain. */
export interface AuditTombstone {
  /** The last seal that was removed; all before it were, too. */
  readonly throughSequence: number;
  /** How many events were removed in all. */
  readonly throughPosition: number;
  /** The hash of the last seal that was removed. */
  readonly root: string;
  readonly removedAt: Instant;
  readonly signature: string;
}

/** The first thing in the audit that is not as it was sealed. */
export interface AuditFault {
  readonly kind: 'changed' | 'missing' | 'inserted' | 'moved' | 'seal';
  /** Absent when the fault is in no one event. */
  readonly eventId?: AuditEventId;
  /** The sequence of the seal concerned. */
  readonly segment?: number;
  /** One plain sentence. */
  readonly message: string;
}

/** Whether the audit is what was written, and how far that is proven. */
export interface AuditVerification {
  readonly valid: boolean;
  /** Sealed events whose content was compared. */
  readonly checkedEvents: number;
  readonly checkedSegments: number;
  /** Events too new to be sealed: nothing is said about them. */
  readonly unsealedEvents: number;
  /** Events that retention removed, leaving a signed tombstone. */
  readonly removedByRetention: number;
  /** The hash of the newest seal, which stands for all before it; null before the first. */
  readonly root: string | null;
  readonly firstBad: AuditFault | null;
}

/** How many events there were in a stretch of time. */
export interface AuditBucket {
  readonly at: Instant;
  readonly count: number;
  /** Those of them whose result is `FAILURE`. */
  readonly failures: number;
}

/** How many events have this value. */
export interface AuditFacet<V extends string> {
  readonly value: V;
  readonly count: number;
}

export interface AuditActorCount {
  readonly actorType: AuditActorType;
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly count: number;
}

export interface AuditTargetCount {
  readonly targetType: AuditTargetType;
  readonly targetId: string | null;
  readonly count: number;
}

/** What happened in a range of time, at a glance: `GET /api/admin/audit-events/summary`. */
export interface AuditSummary {
  readonly from: Instant;
  /** Not included. */
  readonly to: Instant;
  /** Since when everything is counted: later than `from` when there was too much. */
  readonly coveredFrom: Instant;
  readonly total: number;
  readonly bucketSeconds: number;
  /** The whole range, oldest first, empty stretches too. */
  readonly histogram: readonly AuditBucket[];
  /** The most frequent first, as in all that follow. */
  readonly actions: readonly AuditFacet<AuditAction>[];
  readonly actorTypes: readonly AuditFacet<AuditActorType>[];
  readonly targetTypes: readonly AuditFacet<AuditTargetType>[];
  readonly results: readonly AuditFacet<AuditResult>[];
  /** The ten most frequent; at least as many events as it says when there are very many actors. */
  readonly actors: readonly AuditActorCount[];
  /** The ten most frequent; at least as many events as it says when there are very many targets. */
  readonly targets: readonly AuditTargetCount[];
}
