/** Every id is `<prefix>_<ULID>`; the prefix identifies the kind of object. */
export const ID_PREFIX = {
  user: 'usr',
  session: 'ses',
  registrationToken: 'tok',
  agentToken: 'atk',
  agent: 'agt',
  service: 'svc',
  healthReport: 'hlr',
  config: 'cfg',
  action: 'act',
  command: 'cmd',
  commandResult: 'crs',
  auditEvent: 'aud',
  setting: 'set',
  passkey: 'pky',
} as const;
export type IdPrefix = (typeof ID_PREFIX)[keyof typeof ID_PREFIX];
export type Id<P extends IdPrefix> = `${P}_${string}`;

export type UserId = Id<'usr'>;
export type SessionId = Id<'ses'>;
export type RegistrationTokenId = Id<'tok'>;
export type AgentTokenId = Id<'atk'>;
export type AgentId = Id<'agt'>;
export type CapsuleServiceId = Id<'svc'>;
export type HealthReportId = Id<'hlr'>;
export type ConfigItemId = Id<'cfg'>;
export type ActionId = Id<'act'>;
export type CommandId = Id<'cmd'>;
export type CommandResultId = Id<'crs'>;
export type AuditEventId = Id<'aud'>;
export type PasskeyId = Id<'pky'>;

/** An instant as ISO-8601 UTC with milliseconds. */
export type Instant = string;
