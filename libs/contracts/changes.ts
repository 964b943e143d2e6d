import type { AuditAction } from './audit.js';
import type { AgentId, CapsuleServiceId } from './ids.js';

/** The kinds of objects whose changes operators can follow. */
export const ChangeTopic = {
  AGENT: 'agent',
  SERVICE: 'service',
  COMMAND: 'command',
  REGISTRATION_TOKEN: 'registrationToken',
  USER: 'user',
  SETTINGS: 'settings',
  AUDIT: 'audit',
} as const;
export type ChangeTopic = (typeof ChangeTopic)[keyof typeof ChangeTopic];

/**
 * One event of `GET /api/admin/events` (server-sent events, `event: change`): what changed, not how. Clients read the
 * object again.
 */
export interface Change {
  readonly topic: ChangeTopic;
  /** The id of the changed object; null when it has none, such as a sign-in by an unknown user. */
  readonly id: string | null;
  /** The audit action; absent for changes without an audit event. */
  readonly action?: AuditAction;
  /** The related agent. */
  readonly agentId?: AgentId;
  /** The related service. */
  readonly serviceId?: CapsuleServiceId;
}
