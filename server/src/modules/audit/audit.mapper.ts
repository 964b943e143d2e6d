import type { AuditEvent } from '#contracts';
import { toInstant } from '../../common/time/clock.js';
import type { AuditEventEntity } from './audit-event.entity.js';

export const toAuditEvent = (event: AuditEventEntity): AuditEvent => ({
  id: event.id,
  actorType: event.actorType,
  actorId: event.actorId,
  actorName: event.actorName,
  action: event.action,
  targetType: event.targetType,
  targetId: event.targetId,
  result: event.result,
  message: event.message,
  ipAddress: event.ipAddress,
  userAgent: event.userAgent,
  metadata: event.metadata,
  createdAt: toInstant(event.createdAt),
});
