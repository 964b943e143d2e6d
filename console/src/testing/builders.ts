import type {
  AgentDetail,
  AgentSummary,
  AuditEvent,
  AuditSummary,
  CapsuleService,
  CapsuleServiceDetail,
  Command,
  CommandBucket,
  CommandSummary,
  DashboardOverview,
  Passkey,
  PasskeyCeremony,
  RegistrationToken,
  Role,
  ServiceAction,
  SessionInfo,
  User,
} from '#contracts';

/** The time every builder counts from. */
export const NOW = '2026-05-04T10:00:00.000Z';

export const aSession = (role: Role = 'operator'): SessionInfo => ({
  user: { id: 'usr_1', username: 'kim', displayName: 'Kim', role, status: 'ACTIVE' },
  csrfToken: 'csrf-1',
  expiresAt: '2026-05-04T18:00:00.000Z',
});

export const anAgent = (overrides: Partial<AgentSummary> = {}): AgentSummary => ({
  id: 'agt_1',
  code: 'till-1',
  name: 'Till 1',
  mode: 'embedded',
  status: 'ONLINE',
  runtime: 'nodejs',
  version: '1.2.3',
  hostname: 'shop-1',
  os: 'linux',
  arch: 'x64',
  registeredAt: NOW,
  lastHeartbeatAt: NOW,
  lastSeenAt: NOW,
  createdAt: NOW,
  updatedAt: NOW,
  serviceCount: 0,
  tokenReusedAt: null,
  pollsDisplacedAt: null,
  ...overrides,
});

export const aService = (overrides: Partial<CapsuleService> = {}): CapsuleService => ({
  id: 'svc_1',
  code: 'stock',
  name: 'Stock',
  description: null,
  version: '2.0.0',
  runtime: 'nodejs',
  agentId: 'agt_1',
  agentCode: 'till-1',
  agentName: 'Till 1',
  agentStatus: 'ONLINE',
  agentLastSeenAt: NOW,
  agentSilent: false,
  status: 'HEALTHY',
  healthStatus: 'UP',
  healthMessage: null,
  healthSince: NOW,
  labels: {},
  lastReportedAt: NOW,
  retiredAt: null,
  createdAt: NOW,
  updatedAt: NOW,
  ...overrides,
});

export const anAgentDetail = (overrides: Partial<AgentDetail> = {}): AgentDetail => ({
  ...anAgent(overrides),
  services: [aService()],
  warnings: [],
  ...overrides,
});

export const anAction = (overrides: Partial<ServiceAction> = {}): ServiceAction => ({
  id: 'act_1',
  serviceId: 'svc_1',
  name: 'echo',
  label: 'Echo',
  description: null,
  category: null,
  order: 0,
  dangerLevel: 'LOW',
  requiresConfirmation: false,
  inputSchema: null,
  inputSchemaProblem: null,
  inputSchemaIgnored: [],
  timeoutSeconds: null,
  enabled: true,
  ...overrides,
});

export const aCommand = (overrides: Partial<Command> = {}): Command => ({
  id: 'cmd_1',
  type: 'ACTION_EXECUTE',
  status: 'PENDING',
  serviceId: 'svc_1',
  serviceCode: 'stock',
  serviceName: 'Stock',
  agentId: 'agt_1',
  agentName: 'Till 1',
  actionName: 'echo',
  actionLabel: 'Echo',
  payload: {},
  createdByUserId: null,
  createdByUsername: null,
  retryOfCommandId: null,
  createdAt: NOW,
  startedAt: null,
  completedAt: null,
  expiresAt: '2026-05-04T10:05:00.000Z',
  durationMs: null,
  errorCode: null,
  errorMessage: null,
  ...overrides,
});

const NO_COMMANDS = { PENDING: 0, RUNNING: 0, SUCCEEDED: 0, FAILED: 0, EXPIRED: 0, CANCELLED: 0 };

/** An interval without commands. */
export const aCommandBucket = (overrides: Partial<CommandBucket> = {}): CommandBucket => ({
  at: '2026-05-04T09:00:00.000Z',
  counts: NO_COMMANDS,
  answered: 0,
  p50Ms: null,
  p95Ms: null,
  ...overrides,
});

/** The hour before, in which one command succeeded and one failed. */
export const aCommandSummary = (overrides: Partial<CommandSummary> = {}): CommandSummary => {
  const counts = { ...NO_COMMANDS, SUCCEEDED: 1, FAILED: 1 };
  return {
    from: '2026-05-04T08:00:00.000Z',
    to: NOW,
    total: 2,
    counts,
    bucketSeconds: 3_600,
    histogram: [
      aCommandBucket({ at: '2026-05-04T08:00:00.000Z' }),
      aCommandBucket({ counts, answered: 2, p50Ms: 320, p95Ms: 2_400 }),
    ],
    ...overrides,
  };
};

export const aUser = (overrides: Partial<User> = {}): User => ({
  id: 'usr_2',
  username: 'robin',
  displayName: 'Robin R.',
  role: 'operator',
  status: 'ACTIVE',
  passkeyCount: 0,
  createdAt: NOW,
  updatedAt: NOW,
  lastLoginAt: NOW,
  ...overrides,
});

export const aPasskey = (overrides: Partial<Passkey> = {}): Passkey => ({
  id: 'pky_1',
  name: 'Laptop',
  host: 'localhost',
  transports: ['internal'],
  isBackedUp: false,
  createdAt: NOW,
  lastUsedAt: NOW,
  ...overrides,
});

/** The passkey options for a browser. */
export const aCeremony = (overrides: Partial<PasskeyCeremony> = {}): PasskeyCeremony => ({
  ticket: 'ticket-1',
  expiresAt: NOW,
  options: { challenge: 'challenge-1' },
  ...overrides,
});

export const aToken = (overrides: Partial<RegistrationToken> = {}): RegistrationToken => ({
  id: 'tok_1',
  name: 'Shop',
  tokenPrefix: 'opstage_reg_abcd',
  status: 'ACTIVE',
  agentCode: null,
  allowedCidrs: [],
  createdByUserId: 'usr_1',
  createdAt: NOW,
  expiresAt: NOW,
  usedAt: null,
  usedByAgentId: null,
  revokedAt: null,
  ...overrides,
});

export const aServiceDetail = (overrides: Partial<CapsuleServiceDetail> = {}): CapsuleServiceDetail => ({
  ...aService(),
  warnings: [],
  manifest: { kind: 'CapsuleService', schemaVersion: '1.0', code: 'stock', name: 'Stock' },
  health: null,
  configs: [],
  actions: [anAction()],
  ...overrides,
});

export const anAuditEvent = (overrides: Partial<AuditEvent> = {}): AuditEvent => ({
  id: 'aud_1',
  actorType: 'USER',
  actorId: 'usr_1',
  actorName: 'kim',
  action: 'service.action.requested',
  targetType: 'CapsuleService',
  targetId: 'svc_1',
  result: 'SUCCESS',
  message: 'User kim requested action echo on service stock.',
  ipAddress: '10.0.0.7',
  userAgent: 'a browser',
  metadata: { actionName: 'echo', serviceCode: 'stock' },
  createdAt: NOW,
  ...overrides,
});

/** The two hours before, without events. */
export const anAuditSummary = (overrides: Partial<AuditSummary> = {}): AuditSummary => ({
  from: '2026-05-04T08:00:00.000Z',
  to: NOW,
  coveredFrom: '2026-05-04T08:00:00.000Z',
  total: 0,
  bucketSeconds: 3_600,
  histogram: ['2026-05-04T08:00:00.000Z', '2026-05-04T09:00:00.000Z'].map((at) => ({ at, count: 0, failures: 0 })),
  actions: [],
  actorTypes: [],
  targetTypes: [],
  results: [],
  actors: [],
  targets: [],
  ...overrides,
});

/** One agent with one healthy service, and nothing that needs attention. */
export const anOverview = (overrides: Partial<DashboardOverview> = {}): DashboardOverview => ({
  agentCounts: { total: 1, PENDING: 0, ONLINE: 1, OFFLINE: 0, DISABLED: 0, REVOKED: 0 },
  serviceCounts: { total: 1, UNKNOWN: 0, HEALTHY: 1, UNHEALTHY: 0, STALE: 0, OFFLINE: 0 },
  troubledServices: [],
  failedCommands: { since: NOW, total: 0, newest: [] },
  expiringTokens: [],
  services: [aService()],
  ...overrides,
});
