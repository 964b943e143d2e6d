import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge } from 'prom-client';
import { Metrics } from '../../common/metrics/metrics.js';
import { Database } from '../../database/database.js';
import { AgentsService } from '../agents/agents.service.js';
import { ParkedPolls } from '../commands/parked-polls.js';

/** What is looked up when Prometheus asks. */
@Injectable()
export class Gauges {
  constructor(
    private readonly metrics: Metrics,
    private readonly db: Database,
    private readonly agents: AgentsService,
    private readonly polls: ParkedPolls,
  ) {}

  /** Begins to measure; costs a little from then on. */
  register(): void {
    const { registry, writeSeconds, commitSeconds } = this.metrics;
    collectDefaultMetrics({ register: registry });
    this.db.writes.observe({
      onWrite: (seconds) => {
        writeSeconds.observe(seconds);
      },
      onCommit: (seconds) => {
        commitSeconds.observe(seconds);
      },
    });
    this.#read(
      'opstage_database_writes_waiting',
      'Writes that are asked for and not yet durable.',
      () => this.db.writes.waiting,
    );
    this.#read(
      'opstage_database_oldest_write_seconds',
      'How long the oldest of them waits.',
      () => this.db.writes.oldestWaitSeconds,
    );
    this.#read('opstage_parked_polls', 'Polls that are held open for agents.', () => this.polls.count);
    this.#readAgents();
  }

  #read(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.metrics.registry],
      collect() {
        this.set(read());
      },
    });
  }

  #readAgents(): void {
    const counts = (): ReturnType<AgentsService['counts']> => this.agents.counts();
    new Gauge({
      name: 'opstage_agents',
      help: 'Agents by status.',
      labelNames: ['status'] as const,
      registers: [this.metrics.registry],
      async collect() {
        for (const [status, count] of Object.entries(await counts())) this.set({ status }, count);
      },
    });
  }
}
