import type { AgentDetail, AgentSummary, CapsuleService, Command, Role, ServiceAction, SessionInfo } from '#contracts';

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
  ...overrides,
});

export const anAction = (overrides: Partial<ServiceAction> = {}): ServiceAction => ({
  id: 'act_1',
  name: 'echo',
  label: 'Echo',
  description: null,
  category: null,
  order: 0,
  dangerLevel: 'LOW',
  requiresConfirmation: false,
  inputSchema: null,
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
