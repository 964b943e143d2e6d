import type { AgentId, CapsuleServiceId, Instant } from './ids.js';

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
  /** Of what changed. */
  readonly id: string;
  readonly agentId?: AgentId;
  readonly serviceId?: CapsuleServiceId;
  readonly at: Instant;
}
