import type { AuditActorType, AuditResult, AuditTargetType } from './enums.js';
import type { JsonObject } from './envelope.js';
import type { AuditEventId, Instant } from './ids.js';

/** Every audited action by actor type. Names read `thing.happened` and never change. */
export const AUDIT_ACTIONS = {
  USER: [
    'session.login.succeeded',
    'session.login.failed',
    'session.logout',
    'session.csrf.refreshed',
    'session.confirmed',
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
    'maintenance.clock.confirmed',
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
    'agent_token.reused',
    'agent.polls.displaced',
    'access.denied',
    'agent.heartbeat.received',
    'agent.returned',
    'agent.left',
    'agent.process.changed',
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
    'system.service.flapping',
    'system.service.settled',
    'system.clock.jumped',
    'system.clock.settled',
    'maintenance.run',
    'audit.retention.announced',
    'audit.verification.failed',
    'backup.scheduled.created',
    'backup.restored',
  ],
} as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[keyof typeof AUDIT_ACTIONS][number];

export interface AuditEvent {
  readonly id: AuditEventId;
  readonly actorType: AuditActorType;
  /** The user or agent; `system` for the server itself; null when the actor is unknown. */
  readonly actorId: string | null;
  /** The actor's name at the time. */
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

/** One link of the chain that seals the audit log. Hashes are SHA-256, signatures HMAC-SHA-256, both in base64url. */
export interface AuditSeal {
  /** From 1, without gaps. */
  readonly sequence: number;
  /** Position of its first event in the whole audit log, from 1. */
  readonly firstPosition: number;
  readonly eventCount: number;
  /** One line `<event id> <hash of the event>` per event, in order. */
  readonly entries: string;
  readonly newestEventAt: Instant;
  readonly sealedAt: Instant;
  /** The hash of the previous seal. */
  readonly previousHash: string;
  readonly hash: string;
  readonly signature: string;
}

/** What remains of the part of the chain that retention has removed. */
export interface AuditTombstone {
  /** The last removed seal; all earlier ones were removed too. */
  readonly throughSequence: number;
  /** Total number of removed events. */
  readonly throughPosition: number;
  /** The hash of the last removed seal. */
  readonly root: string;
  readonly removedAt: Instant;
  /** The retention in force; absent, like the two below, from a tombstone that an earlier version left. */
  readonly days?: number;
  /** No removed event was newer. */
  readonly newestEventAt?: Instant;
  /** The event that announced the removal, and is still in the chain. */
  readonly announcedBy?: AuditEventId;
  readonly signature: string;
}

/** The first mismatch between the audit log and its seals. */
export interface AuditFault {
  readonly kind: 'changed' | 'missing' | 'inserted' | 'moved' | 'seal' | 'object';
  /** Absent when the mismatch is not in a single event. */
  readonly eventId?: AuditEventId;
  /** The sequence of the affected seal. */
  readonly segment?: number;
  /** One plain sentence. */
  readonly message: string;
}

/** Whether the audit log is unchanged, and how much of it was verified. */
export interface AuditVerification {
  readonly valid: boolean;
  /** Sealed events whose content was verified. */
  readonly checkedEvents: number;
  readonly checkedSegments: number;
  /** Events that are not sealed yet and were not verified. */
  readonly unsealedEvents: number;
  /** Events removed by retention, represented by a signed tombstone. */
  readonly removedByRetention: number;
  /** The hash of the newest seal, which covers all earlier ones; null before the first. */
  readonly root: string | null;
  readonly firstBad: AuditFault | null;
}

/** Number of events in an interval. */
export interface AuditBucket {
  readonly at: Instant;
  readonly count: number;
  /** Number of those whose result is `FAILURE`. */
  readonly failures: number;
}

/** Number of events with this value. */
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

/** Summary of the events in a time range: `GET /api/admin/audit-events/summary`. */
export interface AuditSummary {
  readonly from: Instant;
  /** Exclusive. */
  readonly to: Instant;
  /** Start of the counted range; later than `from` when there are too many events. */
  readonly coveredFrom: Instant;
  readonly total: number;
  readonly bucketSeconds: number;
  /** Covers the whole range, oldest first, including empty intervals. */
  readonly histogram: readonly AuditBucket[];
  /** Most frequent first, like the lists below. */
  readonly actions: readonly AuditFacet<AuditAction>[];
  readonly actorTypes: readonly AuditFacet<AuditActorType>[];
  readonly targetTypes: readonly AuditFacet<AuditTargetType>[];
  readonly results: readonly AuditFacet<AuditResult>[];
  /** The ten most frequent; the counts are lower bounds when there are very many actors. */
  readonly actors: readonly AuditActorCount[];
  /** The ten most frequent; the counts are lower bounds when there are very many targets. */
  readonly targets: readonly AuditTargetCount[];
}
