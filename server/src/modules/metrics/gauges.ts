import { Gauge, type Registry } from 'prom-client';
import type { Database } from '../../database/database.js';
import type { AgentsService } from '../agents/agents.service.js';
import type { ParkedPolls } from '../commands/parked-polls.js';

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
