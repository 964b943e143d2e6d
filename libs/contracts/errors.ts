/** Every error code this server answers with, and the HTTP status that belongs to it. A code is forever. */
export const ERROR_STATUS = {
  REQUEST_ERROR: 400,
  UNAUTHORIZED: 401,
  REGISTRATION_TOKEN_INVALID: 401,
  REGISTRATION_TOKEN_EXPIRED: 401,
  REGISTRATION_TOKEN_REVOKED: 401,
  FORBIDDEN: 403,
  CSRF_INVALID: 403,
  CROSS_SITE_REQUEST: 403,
  ADDRESS_NOT_ALLOWED: 403,
  AGENT_ID_MISMATCH: 403,
  AGENT_DISABLED: 403,
  AGENT_REVOKED: 403,
  ACTION_DISABLED: 403,
  NOT_FOUND: 404,
  USER_NOT_FOUND: 404,
  SESSION_NOT_FOUND: 404,
  AGENT_NOT_FOUND: 404,
  CAPSULE_SERVICE_NOT_FOUND: 404,
  ACTION_NOT_FOUND: 404,
  COMMAND_NOT_FOUND: 404,
  REGISTRATION_TOKEN_NOT_FOUND: 404,
  AUDIT_EVENT_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  ACTION_PREPARE_TIMEOUT: 408,
  USER_ALREADY_EXISTS: 409,
  LAST_OWNER_REQUIRED: 409,
  REGISTRATION_TOKEN_USED: 409,
  REGISTRATION_TOKEN_NOT_ACTIVE: 409,
  REGISTRATION_TOKEN_NOT_DELETABLE: 409,
  AGENT_CODE_TAKEN: 409,
  CAPSULE_SERVICE_CODE_TAKEN: 409,
  ACTION_REQUIRES_CONFIRMATION: 409,
  AGENT_OFFLINE: 409,
  AGENT_NOT_READY: 409,
  AGENT_HEARTBEAT_STALE: 409,
  COMMAND_ALREADY_COMPLETED: 409,
  COMMAND_NOT_RETRYABLE: 409,
  BACKUP_NOT_SUPPORTED: 409,
  MAINTENANCE_RUNNING: 409,
  COMMAND_EXPIRED: 410,
  PAYLOAD_TOO_LARGE: 413,
  COMMAND_RESULT_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  VALIDATION_FAILED: 422,
  ACTION_PAYLOAD_INVALID: 422,
  IDEMPOTENCY_KEY_REUSED: 422,
  ACTION_PREPARE_FAILED: 424,
  RATE_LIMITED: 429,
  INTERNAL_ERROR: 500,
  BACKUP_NOT_SOUND: 500,
  SERVICE_UNAVAILABLE: 503,
  DATABASE_UNAVAILABLE: 503,
} as const;
export type ErrorCode = keyof typeof ERROR_STATUS;

/**
 * When a command cannot be created because of its agent's state, the same code answers 409 instead of the 403 that the
 * agent itself would get: the caller is allowed, the target is not able.
 */
export const AGENT_STATE_CONFLICT_STATUS = 409;

/** Codes a command carries in `errorCode` when nobody reported one. */
export const CommandOutcomeCode = {
  /** The agent failed without naming a reason. */
  ACTION_FAILED: 'ACTION_FAILED',
  /** It expired before any poll claimed it: it certainly did not run. */
  COMMAND_NOT_DELIVERED: 'COMMAND_NOT_DELIVERED',
  /** It was delivered and never answered: it may have run. */
  COMMAND_OUTCOME_UNKNOWN: 'COMMAND_OUTCOME_UNKNOWN',
} as const;

export interface ValidationIssue {
  /** Dotted path of the field, for example `agent.code`; empty for the whole body. */
  readonly path: string;
  readonly message: string;
}
