/** What decides why a route refuses requests. */
export interface RefusingRoute {
  readonly operationId: string;
  readonly method: string;
  readonly access: 'public' | 'user' | 'agent';
  /** Any user may call it. */
  readonly isForAnyRole: boolean;
  readonly isBeforeEnrolment: boolean;
  readonly isConfirmed: boolean;
  /** A GET that changes something. */
  readonly hasEffect: boolean;
  readonly hasBody: boolean;
  readonly hasQuery: boolean;
}

type Codes = readonly string[];

/** For every caller: a request that cannot be read, an address that is not allowed, and too many requests. */
const ANY: Codes = ['REQUEST_ERROR', 'ADDRESS_NOT_ALLOWED', 'RATE_LIMITED'];
const BODY: Codes = ['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'VALIDATION_FAILED'];
const AGENT: Codes = ['UNAUTHORIZED', 'AGENT_ID_MISMATCH', 'AGENT_DISABLED', 'AGENT_REVOKED'];
/** Why an agent cannot take a command. For people these are conflicts (409), whatever their status is for the agent itself. */
const AGENT_STATES: Codes = [
  'AGENT_OFFLINE',
  'AGENT_DISABLED',
  'AGENT_REVOKED',
  'AGENT_NOT_READY',
  'AGENT_HEARTBEAT_STALE',
];
const STATE_CONFLICT = 409;
/** Public routes that answer whatever the address and the rate. */
const ALWAYS_ANSWERED: Codes = ['getHealth', 'getSystemHealth'];

const USER_GONE: Codes = ['USER_NOT_FOUND'];
const AGENT_GONE: Codes = ['AGENT_NOT_FOUND'];
const SERVICE_GONE: Codes = ['CAPSULE_SERVICE_NOT_FOUND'];
const PASSKEY_CHECK: Codes = ['PASSKEY_REFUSED', 'PASSKEYS_UNAVAILABLE'];
const ACTION_GONE: Codes = [...SERVICE_GONE, 'ACTION_NOT_FOUND', 'ACTION_DISABLED'];

/** What only these operations refuse. */
const OWN: Readonly<Record<string, Codes>> = {
  registerAgent: [
    'REGISTRATION_TOKEN_INVALID',
    'REGISTRATION_TOKEN_EXPIRED',
    'REGISTRATION_TOKEN_REVOKED',
    'REGISTRATION_TOKEN_USED',
    'AGENT_CODE_TAKEN',
    'CAPSULE_SERVICE_CODE_TAKEN',
    'AGENT_SERVICE_LIMIT',
  ],
  reportCommandProgress: ['COMMAND_NOT_FOUND', 'COMMAND_ALREADY_COMPLETED', 'COMMAND_EXPIRED'],
  submitCommandResult: ['COMMAND_NOT_FOUND', 'COMMAND_ALREADY_COMPLETED', 'COMMAND_RESULT_TOO_LARGE'],

  signIn: ['UNAUTHORIZED', 'SECOND_FACTOR_REQUIRED', 'HTTPS_REQUIRED', 'CROSS_SITE_REQUEST', 'PASSKEYS_UNAVAILABLE'],
  signInWithPasskey: ['UNAUTHORIZED', 'HTTPS_REQUIRED', 'CROSS_SITE_REQUEST', ...PASSKEY_CHECK],
  beginConfirmationWithPasskey: ['PASSKEYS_UNAVAILABLE'],
  confirmWithPasskey: PASSKEY_CHECK,
  beginPasskeyRegistration: ['PASSKEYS_UNAVAILABLE', 'PASSKEY_LIMIT_REACHED'],
  registerPasskey: [...PASSKEY_CHECK, 'PASSKEY_ALREADY_REGISTERED', 'PASSKEY_LIMIT_REACHED'],
  renamePasskey: ['PASSKEY_NOT_FOUND'],
  removePasskey: ['PASSKEY_NOT_FOUND', 'PASSKEY_REQUIRED'],
  endOwnSession: ['SESSION_NOT_FOUND'],
  updateSignInSettings: ['PASSKEY_REQUIRED'],
  createUser: ['USER_ALREADY_EXISTS'],
  updateUser: [...USER_GONE, 'LAST_OWNER_REQUIRED'],
  resetUserPassword: USER_GONE,
  resetUserPasskeys: USER_GONE,
  listUserSessions: USER_GONE,
  endUserSessions: USER_GONE,
  endUserSession: [...USER_GONE, 'SESSION_NOT_FOUND'],

  revokeRegistrationToken: ['REGISTRATION_TOKEN_NOT_FOUND', 'REGISTRATION_TOKEN_NOT_ACTIVE'],
  deleteRegistrationToken: ['REGISTRATION_TOKEN_NOT_FOUND', 'REGISTRATION_TOKEN_NOT_DELETABLE'],
  getAgent: AGENT_GONE,
  disableAgent: [...AGENT_GONE, 'AGENT_REVOKED'],
  enableAgent: [...AGENT_GONE, 'AGENT_REVOKED'],
  revokeAgent: AGENT_GONE,
  getService: SERVICE_GONE,
  getServiceManifest: SERVICE_GONE,
  getServiceHealth: SERVICE_GONE,
  listServiceConfigs: SERVICE_GONE,
  listServiceActions: SERVICE_GONE,
  moveService: [...SERVICE_GONE, ...AGENT_GONE, 'AGENT_SERVICE_LIMIT', ...AGENT_STATES],
  prepareAction: [...ACTION_GONE, ...AGENT_STATES, 'ACTION_PREPARE_TIMEOUT', 'ACTION_PREPARE_FAILED'],
  runAction: [
    ...ACTION_GONE,
    ...AGENT_STATES,
    'ACTION_REQUIRES_CONFIRMATION',
    'ACTION_PAYLOAD_INVALID',
    'IDEMPOTENCY_KEY_REUSED',
  ],
  getCommand: ['COMMAND_NOT_FOUND'],
  cancelCommand: ['COMMAND_NOT_FOUND', 'COMMAND_ALREADY_COMPLETED'],
  retryCommand: [
    'COMMAND_NOT_FOUND',
    'COMMAND_NOT_RETRYABLE',
    ...ACTION_GONE,
    ...AGENT_STATES,
    'ACTION_PAYLOAD_INVALID',
    'VALIDATION_FAILED',
    'IDEMPOTENCY_KEY_REUSED',
  ],
  getAuditEvent: ['AUDIT_EVENT_NOT_FOUND'],
  runMaintenance: ['MAINTENANCE_RUNNING'],
  updateMaintenanceSettings: ['CONFIRMATION_REQUIRED'],
  downloadBackup: ['BACKUP_NOT_SUPPORTED'],
};

const ofUser = ({ method, isForAnyRole, isBeforeEnrolment, isConfirmed }: RefusingRoute): Codes => [
  'UNAUTHORIZED',
  ...(isForAnyRole ? [] : ['FORBIDDEN']),
  ...(isBeforeEnrolment ? [] : ['PASSKEY_ENROLMENT_REQUIRED']),
  ...(isConfirmed ? ['CONFIRMATION_REQUIRED'] : []),
  ...(method === 'get' ? [] : ['CSRF_INVALID']),
  ...(method === 'get' ? [] : ['CROSS_SITE_REQUEST']),
];

const codesOf = (route: RefusingRoute): Codes => {
  const { operationId, method, access, hasEffect, hasBody, hasQuery } = route;
  if (ALWAYS_ANSWERED.includes(operationId)) return [];
  return [
    ...ANY,
    ...(access === 'user' ? ofUser(route) : []),
    ...(access === 'agent' ? AGENT : []),
    ...(hasEffect ? ['CROSS_SITE_REQUEST'] : []),
    ...(hasBody ? BODY : []),
    // An agent's query is never refused: it is clamped. People may send no body where none is read.
    ...((hasQuery || method !== 'get') && access === 'user' ? ['VALIDATION_FAILED'] : []),
    ...(OWN[operationId] ?? []),
  ];
};

/** The codes with which the route refuses requests, by status; only those below 500, which every route may also answer. */
export const refusalsOf = (
  route: RefusingRoute,
  statusOf: Readonly<Record<string, number>>,
): Readonly<Record<number, Codes>> => {
  const refusals: Record<number, string[]> = {};
  for (const code of new Set(codesOf(route))) {
    const isState = route.access === 'user' && AGENT_STATES.includes(code);
    const status = isState ? STATE_CONFLICT : statusOf[code];
    if (status === undefined) throw new Error(`${route.operationId} refuses with ${code}, which has no status.`);
    (refusals[status] ??= []).push(code);
  }
  for (const codes of Object.values(refusals)) codes.sort();
  return refusals;
};
