import type { AuditAction } from './audit.js';
import type { AgentId, CapsuleServiceId } from './ids.js';

/** What an operator can see change. */
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
 * One event of `GET /api/admin/events` (server-sent events, `event: change`): what changed, not how. Whoever shows it
 * reads it anew.
 */
export interface Change {
  readonly topic: ChangeTopic;
  /** Of what changed; null when it has none, as a sign-in by nobody known. */
  readonly id: string | null;
  /** What the audit calls it; absent when it is not worth an audit event. */
  readonly action?: AuditAction;
  /** The agent it concerns. */
  readonly agentId?: AgentId;
  /** The service it concerns. */
  readonly serviceId?: CapsuleServiceId;
}
