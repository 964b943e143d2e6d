import type { AuditAction } from '#contracts';

/** The words a sentence can contain. */
export type AuditWord =
  | 'actionName'
  | 'actor'
  | 'agent'
  | 'command'
  | 'days'
  | 'errorCode'
  | 'events'
  | 'fields'
  | 'format'
  | 'from'
  | 'fromHealth'
  | 'method'
  | 'passkey'
  | 'path'
  | 'role'
  | 'service'
  | 'size'
  | 'to'
  | 'toHealth'
  | 'token'
  | 'username';

/** The words each action's sentence (`audit.sentences.<action>`) is made of. */
export const AUDIT_WORDS: Readonly<Record<AuditAction, readonly AuditWord[]>> = {
  'session.login.succeeded': ['actor'],
  'session.login.failed': ['username'],
  'session.logout': ['actor'],
  'session.csrf.refreshed': ['actor'],
  'session.confirmed': ['actor'],
  'session.ended': ['actor', 'username'],
  'registration_token.created': ['actor', 'token'],
  'registration_token.revoked': ['actor', 'token'],
  'registration_token.deleted': ['actor', 'token'],
  'agent.disabled': ['actor', 'agent'],
  'agent.enabled': ['actor', 'agent'],
  'agent.revoked': ['actor', 'agent'],
  'service.action.prepare_requested': ['actor', 'actionName', 'service'],
  'service.action.requested': ['actor', 'actionName', 'service'],
  'command.created': ['actor', 'actionName', 'service'],
  'command.cancelled': ['actor', 'actionName'],
  'command.retried': ['actor', 'actionName', 'service'],
  'command.secret.revealed': ['actor', 'command'],
  'user.created': ['actor', 'username', 'role'],
  'user.updated': ['actor', 'username', 'fields'],
  'user.password.reset': ['actor', 'username'],
  'user.password.changed': ['actor'],
  'user.password.rejected': ['actor'],
  'passkey.registered': ['actor', 'passkey'],
  'passkey.renamed': ['actor', 'passkey'],
  'passkey.removed': ['actor', 'passkey'],
  'passkey.counter.regressed': ['username'],
  'user.passkeys.reset': ['actor', 'username'],
  'settings.maintenance.updated': ['actor'],
  'settings.sign_in.updated': ['actor'],
  'maintenance.triggered': ['actor'],
  'maintenance.clock.confirmed': ['actor'],
  'backup.sqlite.created': ['actor', 'size'],
  'audit.exported': ['actor', 'format'],
  'access.denied': ['actor', 'method', 'path'],
  'registration_token.consumed': ['agent', 'token'],
  'registration.rejected': ['agent', 'errorCode'],
  'agent.registered': ['agent'],
  'agent.token.rotated': ['agent'],
  'agent_token.rejected': [],
  'agent_token.reused': ['agent'],
  'agent.polls.displaced': ['agent'],
  'agent.heartbeat.received': ['agent'],
  'agent.returned': ['agent'],
  'agent.left': ['agent'],
  'agent.process.changed': ['agent'],
  'service.reported': ['actor', 'service'],
  'service.config.changed': ['service'],
  'service.version.changed': ['service', 'from', 'to'],
  'service.health.changed': ['service', 'fromHealth', 'toHealth'],
  'service.moved': ['service', 'actor'],
  'service.retired': ['actor', 'service'],
  'service.report.rejected': ['actor', 'service'],
  'command.dispatched': ['actor', 'actionName'],
  'command.returned': ['actor', 'actionName'],
  'command.completed': ['actor', 'actionName'],
  'command.failed': ['actor', 'actionName'],
  'command.late_result.received': ['actor', 'actionName'],
  'system.bootstrap.completed': ['username'],
  'system.agent.offline': ['agent'],
  'system.service.stale': ['service'],
  'system.command.expired': ['actionName'],
  'system.registration_token.expired': ['token'],
  'system.service.flapping': ['service'],
  'system.service.settled': ['service'],
  'system.clock.jumped': [],
  'system.clock.settled': [],
  'maintenance.run': [],
  'audit.retention.announced': ['days', 'events'],
  'audit.verification.failed': [],
  'backup.scheduled.created': [],
  'backup.restored': [],
};
