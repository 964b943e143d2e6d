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
    'registration_token.created',
    'registration_token.revoked',
    'registration_token.deleted',
    'agent.disabled',
    'agent.enabled',
    'agent.revoked',
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
    'settings.maintenance.updated',
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

export const AUDIT_EXPORT_FORMATS = ['csv', 'json'] as const;
export type AuditExportFormat = (typeof AUDIT_EXPORT_FORMATS)[number];
