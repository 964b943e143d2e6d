import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AuditAction } from '#contracts';
import type { MeasuredRequest, Telemetry, TelemetryObserver } from '../../common/telemetry.js';
import type { Database, WriteObserver } from '../../database/database.js';
import type { AgentsService } from '../agents/agents.service.js';
import type { ChangeFeed } from '../changes/change-feed.js';
import type { ParkedPolls } from '../commands/dispatch/parked-polls.js';

const FAST_SECONDS = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LONG_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300];

/**
 * What this process has counted since it started, for Prometheus. A label has few values, all known beforehand: never an
 * id, a name somebody chose or a path as it was asked for.
 */
export class Measurements implements TelemetryObserver, WriteObserver {
  readonly registry = new Registry();
  readonly #registers = [this.registry];

  readonly commands = new Counter({
    name: 'opstage_commands_total',
    help: 'Commands by what became of them here: created, dispatched, returned, succeeded, failed, cancelled, expired.',
    labelNames: ['event'] as const,
    registers: this.#registers,
  });

  readonly #requestSeconds = new Histogram({
    name: 'opstage_http_request_duration_seconds',
    help: 'Requests by route, method and status, and how long they took. A parked poll takes as long as it waits.',
    labelNames: ['route', 'method', 'status'] as const,
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
    registers: this.#registers,
  });

  readonly #dispatchSeconds = new Histogram({
    name: 'opstage_command_dispatch_seconds',
    help: 'From the creation of a command until its agent had claimed it.',
    buckets: FAST_SECONDS.concat(30, 60, 300),
    registers: this.#registers,
  });

  readonly #writeSeconds = new Histogram({
    name: 'opstage_database_write_seconds',
    help: 'From when a write was asked for until it was durable, waiting in the queue included.',
    buckets: FAST_SECONDS,
    registers: this.#registers,
  });

  readonly #commitSeconds = new Histogram({
    name: 'opstage_database_commit_seconds',
    help: 'SQLite: one commit, of all writes that waited for it.',
    buckets: FAST_SECONDS,
    registers: this.#registers,
  });

  readonly #sweepSeconds = new Histogram({
    name: 'opstage_sweep_duration_seconds',
    help: 'Sweeps by job and result, and how long they took.',
    labelNames: ['job', 'result'] as const,
    buckets: LONG_SECONDS,
    registers: this.#registers,
  });

  onRequest({ route, method, status }: MeasuredRequest, seconds: number): void {
    this.#requestSeconds.observe({ route, method, status }, seconds);
  }

  onDispatch(seconds: number): void {
    this.#dispatchSeconds.observe(seconds);
  }

  onJob(job: string, result: 'success' | 'failure', seconds: number): void {
    this.#sweepSeconds.observe({ job, result }, seconds);
  }

  onWrite(seconds: number): void {
    this.#writeSeconds.observe(seconds);
  }

  onCommit(seconds: number): void {
    this.#commitSeconds.observe(seconds);
  }
}

const EVENTS: Readonly<Partial<Record<AuditAction, string>>> = {
  'command.created': 'created',
  'service.action.prepare_requested': 'created',
  'command.dispatched': 'dispatched',
  'command.returned': 'returned',
  'command.completed': 'succeeded',
  'command.failed': 'failed',
  'command.cancelled': 'cancelled',
  'system.command.expired': 'expired',
};

/**
 * Counts what becomes of commands, each where it happens: the sum over all replicas is right. Returns how to stop it.
 */
export const countCommands = (commands: Counter<'event'>, changes: ChangeFeed): (() => void) => {
  for (const event of new Set(Object.values(EVENTS))) commands.inc({ event }, 0);
  return changes.onLocal(({ action }) => {
    const event = action && EVENTS[action];
    if (event !== undefined) commands.inc({ event });
  });
};

/** Where what is looked up when Prometheus asks is found. */
export interface GaugeSources {
  readonly db: Database;
  readonly agents: AgentsService;
  readonly polls: ParkedPolls;
}

const addGauge = (registry: Registry, name: string, help: string, read: () => number): void => {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
};

const addAgents = (registry: Registry, agents: AgentsService): void => {
  new Gauge({
    name: 'opstage_agents',
    help: 'Agents by status.',
    labelNames: ['status'] as const,
    registers: [registry],
    async collect() {
      for (const [status, count] of Object.entries(await agents.counts())) this.set({ status }, count);
    },
  });
};

/** Adds what is looked up when Prometheus asks. */
export const addGauges = (registry: Registry, { db, agents, polls }: GaugeSources): void => {
  addGauge(
    registry,
    'opstage_database_writes_waiting',
    'Writes that are asked for and not yet durable.',
    () => db.writes.waiting,
  );
  addGauge(
    registry,
    'opstage_database_oldest_write_seconds',
    'How long the oldest of them waits.',
    () => db.writes.oldestWaitSeconds,
  );
  addGauge(registry, 'opstage_parked_polls', 'Polls that are held open for agents.', () => polls.count);
  addAgents(registry, agents);
};

/** What is measured. */
export interface Measuring {
  readonly registry: Registry;
  stop(): void;
}

interface Sources extends GaugeSources {
  readonly metrics: Telemetry;
  readonly changes: ChangeFeed;
}

/** Begins to measure; costs a little from then on. */
export const startMeasuring = ({ metrics, changes, ...sources }: Sources): Measuring => {
  const measurements = new Measurements();
  const { registry } = measurements;
  collectDefaultMetrics({ register: registry });
  metrics.observe(measurements);
  sources.db.writes.observe(measurements);
  addGauges(registry, sources);
  return { registry, stop: countCommands(measurements.commands, changes) };
};
