/** Creates an enum-like object, `{ A: 'A' }`, from its values, in order. */
const enumOf = <const V extends string>(...values: V[]): { readonly [K in V]: K } =>
  Object.fromEntries(values.map((value) => [value, value])) as { readonly [K in V]: K };

export const AgentStatus = enumOf('PENDING', 'ONLINE', 'OFFLINE', 'DISABLED', 'REVOKED');
export type AgentStatus = keyof typeof AgentStatus;

export const AgentMode = enumOf('embedded', 'sidecar', 'external', 'ophub');
export type AgentMode = keyof typeof AgentMode;

/** The status of a service, derived from its agent and its last report, never stored. */
export const CapsuleServiceStatus = enumOf('UNKNOWN', 'HEALTHY', 'UNHEALTHY', 'STALE', 'OFFLINE');
export type CapsuleServiceStatus = keyof typeof CapsuleServiceStatus;

/** The health a service reports. */
export const HealthStatus = enumOf('UP', 'DEGRADED', 'DOWN', 'UNKNOWN');
export type HealthStatus = keyof typeof HealthStatus;

export const CommandType = enumOf('ACTION_PREPARE', 'ACTION_EXECUTE');
export type CommandType = keyof typeof CommandType;

export const CommandStatus = enumOf('PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'EXPIRED', 'CANCELLED');
export type CommandStatus = keyof typeof CommandStatus;

export const DangerLevel = enumOf('LOW', 'MEDIUM', 'HIGH');
export type DangerLevel = keyof typeof DangerLevel;

export const TokenStatus = enumOf('ACTIVE', 'USED', 'REVOKED', 'EXPIRED');
export type TokenStatus = keyof typeof TokenStatus;

export const Role = enumOf('owner', 'operator', 'viewer');
export type Role = keyof typeof Role;

export const UserStatus = enumOf('ACTIVE', 'DISABLED');
export type UserStatus = keyof typeof UserStatus;

export const AuditActorType = enumOf('USER', 'AGENT', 'SYSTEM');
export type AuditActorType = keyof typeof AuditActorType;

export const AuditResult = enumOf('SUCCESS', 'FAILURE');
export type AuditResult = keyof typeof AuditResult;

export const AuditTargetType = enumOf(
  'Agent',
  'CapsuleService',
  'Command',
  'RegistrationToken',
  'User',
  'Workspace',
  'Backup',
  'AuditEvent',
);
export type AuditTargetType = keyof typeof AuditTargetType;

export const Runtime = enumOf('nodejs', 'java', 'python', 'go', 'other');
export type Runtime = keyof typeof Runtime;

/** How the console shows a value of a `data.list` or `data.detail` result. */
export const ValueFormat = enumOf('text', 'status', 'datetime', 'boolean', 'code', 'duration', 'relativeTime', 'bytes');
export type ValueFormat = keyof typeof ValueFormat;
