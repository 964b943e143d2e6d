import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AuditAction } from '#contracts';
import type { MeasuredRequest, Telemetry, TelemetryObserver } from '../../common/telemetry.js';
import type { AppConfig } from '../../config/app-config.js';
import type { Database, WriteObserver } from '../../database/database.js';
import type { AgentsService } from '../agents/agents.service.js';
import type { CapsuleServicesService } from '../agents/services/capsule-services.service.js';
import type { BackupsService } from '../backups/backups.service.js';
import type { ChangeFeed } from '../changes/change-feed.js';
import type { ParkedPolls } from '../commands/dispatch/parked-polls.js';

const FAST_SECONDS = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const MS_PER_SECOND = 1_000;
const LONG_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300];

/**
 * What this process has measured since it started. Labels have few values, all known in advance: never an id, a name
 * chosen by a user, or a requested path.
 */
export class Measurements implements TelemetryObserver, WriteObserver {
  readonly registry = new Registry();
  readonly #registers = [this.registry];

  readonly commands = new Counter({
    name: 'opstage_commands_total',
    help: 'Command events in this process: created, dispatched, returned, succeeded, failed, cancelled, expired.',
    labelNames: ['event'] as const,
    registers: this.#registers,
  });

  readonly #requestSeconds = new Histogram({
    name: 'opstage_http_request_duration_seconds',
    help: 'Duration of requests by route, method and status. A long poll includes the time it waits.',
    labelNames: ['route', 'method', 'status'] as const,
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
    registers: this.#registers,
  });

  readonly #dispatchSeconds = new Histogram({
    name: 'opstage_command_dispatch_seconds',
    help: 'Time from the creation of a command until its agent claims it.',
    buckets: FAST_SECONDS.concat(30, 60, 300),
    registers: this.#registers,
  });

  readonly #writeSeconds = new Histogram({
    name: 'opstage_database_write_seconds',
    help: 'Time from the request of a write until it is durable, including the time in the queue.',
    buckets: FAST_SECONDS,
    registers: this.#registers,
  });

  readonly #commitSeconds = new Histogram({
    name: 'opstage_database_commit_seconds',
    help: 'SQLite only: duration of one commit, which covers all writes waiting for it.',
    buckets: FAST_SECONDS,
    registers: this.#registers,
  });

  readonly #sweepSeconds = new Histogram({
    name: 'opstage_sweep_duration_seconds',
    help: 'Duration of maintenance jobs by job and result.',
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
 * Counts command events where they happen, so the sum over all replicas is correct. Returns a function that stops it.
 */
export const countCommands = (commands: Counter<'event'>, changes: ChangeFeed): (() => void) => {
  for (const event of new Set(Object.values(EVENTS))) commands.inc({ event }, 0);
  return changes.onLocal(({ action }) => {
    const event = action && EVENTS[action];
    if (event !== undefined) commands.inc({ event });
  });
};

/** Where gauges read their values. */
export interface GaugeSources {
  readonly db: Database;
  readonly config: Pick<AppConfig, 'version' | 'commit'>;
  readonly agents: AgentsService;
  readonly services: CapsuleServicesService;
  readonly backups: BackupsService;
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

interface Counted {
  counts(): Promise<Readonly<Record<string, number>>>;
}

const addCounts = (registry: Registry, name: string, help: string, of: Counted): void => {
  new Gauge({
    name,
    help,
    labelNames: ['status'] as const,
    registers: [registry],
    async collect() {
      for (const [status, count] of Object.entries(await of.counts())) this.set({ status }, count);
    },
  });
};

const addBuild = (registry: Registry, { version, commit }: GaugeSources['config']): void => {
  new Gauge({
    name: 'opstage_build_info',
    help: 'Always 1; its labels name the version and the commit of this server.',
    labelNames: ['version', 'commit'] as const,
    registers: [registry],
  }).set({ version, commit: commit ?? '' }, 1);
};

/** No series without a schedule, as on PostgreSQL: an alert about the age would only be noise there. */
const addLastBackup = (registry: Registry, backups: BackupsService): void => {
  if (!backups.isScheduled) return;
  new Gauge({
    name: 'opstage_backup_proven_timestamp_seconds',
    help: 'When the newest verified backup was made, as seconds since 1970; 0 when there is none.',
    registers: [registry],
    async collect() {
      const { lastProven } = await backups.overview();
      this.set(lastProven === null ? 0 : Date.parse(lastProven.madeAt) / MS_PER_SECOND);
    },
  });
};

/** Adds the gauges, which are read on each scrape. */
export const addGauges = (registry: Registry, sources: GaugeSources): void => {
  const { config, db, agents, services, backups, polls } = sources;
  addGauge(
    registry,
    'opstage_database_writes_waiting',
    'Writes that are requested but not yet durable.',
    () => db.writes.waiting,
  );
  addGauge(
    registry,
    'opstage_database_oldest_write_seconds',
    'How long the oldest waiting write has waited.',
    () => db.writes.oldestWaitSeconds,
  );
  addGauge(registry, 'opstage_parked_polls', 'Long polls held open for agents.', () => polls.count);
  addCounts(registry, 'opstage_agents', 'Agents by status.', agents);
  addCounts(registry, 'opstage_services', 'Services by status, without retired ones.', services);
  addBuild(registry, config);
  addLastBackup(registry, backups);
};

/** Running measurements, and how to stop them. */
export interface Measuring {
  readonly registry: Registry;
  stop(): void;
}

interface Sources extends GaugeSources {
  readonly telemetry: Telemetry;
  readonly changes: ChangeFeed;
}

/** Starts measuring, which costs a little from then on. */
export const startMeasuring = ({ telemetry, changes, ...sources }: Sources): Measuring => {
  const measurements = new Measurements();
  const { registry } = measurements;
  collectDefaultMetrics({ register: registry });
  telemetry.observe(measurements);
  sources.db.writes.observe(measurements);
  addGauges(registry, sources);
  return { registry, stop: countCommands(measurements.commands, changes) };
};
