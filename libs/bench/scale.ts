/** How large and how long everything is. */
export interface Scale {
  /** Of one measured stretch. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** Callers at once in the scenarios that ask for as much as the server gives. */
  readonly concurrency: number;
  /** Agents in every scenario but the fleet's. */
  readonly agents: number;
  readonly fleetAgents: number;
  readonly fleetHeartbeatSeconds: number;
  /** How often agents poll where the server does not hold polls open. */
  readonly pollIntervalSeconds: number;
  readonly clicks: number;
  readonly registrations: number;
  readonly starts: number;
  /** After the last start, before its memory is looked at. */
  readonly restSeconds: number;
  readonly pages: number;
  /** By the server's clock: before the store is looked at first, and until it is looked at again. */
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

/** Just enough to see that everything works; the numbers mean little. */
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
