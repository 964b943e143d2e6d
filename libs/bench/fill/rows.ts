import { createHash } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import type { Row } from './store.js';

/** The agents that all other rows belong to, with one service each. */
export interface Fleet {
  readonly count: number;
  readonly startedAt: number;
  readonly now: number;
}

// The default source of randomness makes sixteen system calls per id; these ids need not be unpredictable.
const nextUlid = monotonicFactory(Math.random);

/** A deterministic id, so that rows can refer to each other; in chronological order, like real ids. */
const idOf = (prefix: string, index: number): string => `${prefix}_${String(index).padStart(26, '0')}`;

const codeOf = (index: number): string => `filled-${index}`;

const RUNTIMES = ['nodejs', 'java', 'python', 'go', 'other'];
const HEALTH = ['UP', 'UP', 'UP', 'UP', 'UP', 'UP', 'UP', 'DEGRADED', 'DOWN', 'UNKNOWN'];
const pick = (values: readonly string[], index: number): string => values[index % values.length] ?? '';

export const agentRows = ({ startedAt, now }: Fleet, index: number): Row => ({
  id: idOf('agt', index),
  code: codeOf(index),
  name: `Filled agent ${index}`,
  mode: 'embedded',
  status: index % 20 === 0 ? 'OFFLINE' : 'ONLINE',
  runtime: pick(RUNTIMES, index),
  version: '1.0.0',
  hostname: `host-${index}.example`,
  registeredAt: new Date(startedAt),
  lastHeartbeatAt: new Date(now),
  createdAt: new Date(startedAt + index),
  updatedAt: new Date(now),
});

const SCHEMA = {
  type: 'object',
  properties: { text: { type: 'string', maxLength: 100 } },
  required: ['text'],
  additionalProperties: false,
};

/** The rows of each service, by entity. */
export const serviceRows: Readonly<Record<string, (fleet: Fleet, index: number) => Row>> = {
  CapsuleServiceEntity: ({ startedAt, now }, index) => ({
    id: idOf('svc', index),
    agentId: idOf('agt', index),
    code: codeOf(index),
    name: `Filled service ${index}`,
    description: `The service number ${index} of a large installation.`,
    version: `1.${index % 10}.0`,
    runtime: pick(RUNTIMES, index),
    manifest: {
      kind: 'CapsuleService',
      schemaVersion: '1.0',
      code: codeOf(index),
      name: `Filled service ${index}`,
      version: '1.0.0',
      runtime: pick(RUNTIMES, index),
      labels: { team: `team-${index % 40}`, tier: `${index % 3}` },
    },
    contentHash: createHash('sha256').update(String(index)).digest('hex'),
    healthStatus: pick(HEALTH, index),
    healthMessage: 'Filled in.',
    healthSince: new Date(startedAt),
    lastReportedAt: new Date(now),
    createdAt: new Date(startedAt + index),
    updatedAt: new Date(now),
  }),
  ServiceActionEntity: (_, index) => ({
    id: idOf('act', index),
    serviceId: idOf('svc', index),
    name: 'echo',
    label: 'Echo',
    dangerLevel: 'LOW',
    inputSchema: SCHEMA,
    enabled: true,
  }),
  ServiceConfigEntity: ({ now }, index) => ({
    id: idOf('cfg', index),
    serviceId: idOf('svc', index),
    key: 'http.port',
    type: 'number',
    configured: true,
    valuePreview: 8080,
    updatedAt: new Date(now),
  }),
  HealthReportEntity: ({ startedAt }, index) => ({
    id: idOf('hlr', index),
    serviceId: idOf('svc', index),
    status: pick(HEALTH, index),
    message: 'Filled in.',
    reportedAt: new Date(startedAt),
  }),
};

const hasFailed = (index: number): boolean => index % 10 === 0;

export const commandRow = ({ count }: Fleet, index: number, at: number): Row => ({
  id: idOf('cmd', index),
  type: 'ACTION_EXECUTE',
  status: hasFailed(index) ? 'FAILED' : 'SUCCEEDED',
  serviceId: idOf('svc', index % count),
  agentId: idOf('agt', index % count),
  actionName: 'echo',
  payload: { text: `hello ${index}` },
  createdByUserId: idOf('usr', index % 20),
  createdByUsername: `user-${index % 20}`,
  createdAt: new Date(at),
  startedAt: new Date(at + 4),
  completedAt: new Date(at + 10 + (index % 400)),
  expiresAt: new Date(at + 300_000),
  errorCode: hasFailed(index) ? 'ACTION_FAILED' : null,
  errorMessage: hasFailed(index) ? 'It did not work this time.' : null,
});

export const resultRow = (index: number, at: number): Row => ({
  id: idOf('crs', index),
  commandId: idOf('cmd', index),
  success: !hasFailed(index),
  message: hasFailed(index) ? null : 'Done.',
  data: hasFailed(index) ? null : { echoed: { text: `hello ${index}` } },
  error: hasFailed(index) ? { code: 'ACTION_FAILED', message: 'It did not work this time.' } : null,
  contentHash: createHash('sha256').update(`result ${index}`).digest('hex'),
  reportedAt: new Date(at + 10),
});

const AGENT_EVENTS = ['command.dispatched', 'command.completed', 'agent.heartbeat.received', 'service.reported'];
const USER_EVENTS = ['service.action.requested', 'command.created', 'session.login.succeeded'];

export const auditEventRow = ({ count }: Fleet, index: number, at: number): Row => {
  const isUser = index % 3 === 0;
  const agent = index % count;
  const user = index % 20;
  return {
    id: `aud_${nextUlid(at)}`,
    actorType: isUser ? 'USER' : 'AGENT',
    actorId: isUser ? idOf('usr', user) : idOf('agt', agent),
    actorName: isUser ? `user-${user}` : codeOf(agent),
    action: pick(isUser ? USER_EVENTS : AGENT_EVENTS, Math.floor(index / 3)),
    targetType: 'CapsuleService',
    targetId: idOf('svc', agent),
    result: index % 50 === 0 ? 'FAILURE' : 'SUCCESS',
    message: `Event number ${index}: something happened to service ${codeOf(agent)}.`,
    ipAddress: '10.0.0.1',
    userAgent: 'opstage-agent/1.0.0 node/24',
    metadata: { actionName: 'echo', serviceId: idOf('svc', agent), dangerLevel: 'LOW' },
    createdAt: new Date(at),
  };
};
