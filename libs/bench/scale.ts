/** Sizes and durations of the scenarios. */
export interface Scale {
  /** Duration of one measurement. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** Concurrent callers in the scenarios that measure maximum throughput. */
  readonly concurrency: number;
  /** Number of agents, except in the fleet scenario. */
  readonly agents: number;
  readonly fleetAgents: number;
  readonly fleetHeartbeatSeconds: number;
  /** Poll interval of agents when the server does not hold polls open. */
  readonly pollIntervalSeconds: number;
  readonly clicks: number;
  readonly registrations: number;
  readonly starts: number;
  /** Pause between the last start and the reading of its memory. */
  readonly restSeconds: number;
  readonly pages: number;
  /** On the server's clock: before the first look at the store, and from there to the second. */
  readonly simulatedHours: { readonly before: number; readonly measured: number };
  readonly filled: { readonly services: number; readonly commands: number; readonly auditEvents: number };
}

export const FULL: Scale = {
  seconds: 8,
  warmUpSeconds: 3,
  concurrency: 64,
  agents: 400,
  fleetAgents: 15_000,
  fleetHeartbeatSeconds: 30,
  pollIntervalSeconds: 5,
  clicks: 300,
  registrations: 10_000,
  starts: 7,
  restSeconds: 30,
  pages: 60,
  simulatedHours: { before: 0.5, measured: 4 },
  filled: { services: 10_000, commands: 100_000, auditEvents: 1_000_000 },
};

/** Just enough to see that everything works; the numbers are not meaningful. */
export const QUICK: Scale = {
  seconds: 0.5,
  warmUpSeconds: 0.2,
  concurrency: 16,
  agents: 20,
  fleetAgents: 100,
  fleetHeartbeatSeconds: 1,
  pollIntervalSeconds: 0.5,
  clicks: 10,
  registrations: 40,
  starts: 1,
  restSeconds: 0.2,
  pages: 5,
  simulatedHours: { before: 0.05, measured: 0.1 },
  filled: { services: 200, commands: 1_000, auditEvents: 5_000 },
};
