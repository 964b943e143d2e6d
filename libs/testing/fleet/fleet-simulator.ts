import { setTimeout as delay } from 'node:timers/promises';
import type { AgentCommand } from '#contracts';
import { ConnectionPool } from './connection-pool.js';
import { HttpConnection, type Endpoint } from './http-connection.js';
import type { LightAgent } from './light-agent.js';
import { successOf } from './wire.js';

/** The behaviour of a fleet. */
export interface FleetBehaviour {
  /** The wait that polls request. */
  readonly waitSeconds: number;
  /** Delay before the next poll when the server does not hold polls open. */
  readonly pollIntervalSeconds: number;
  /** Called when a command arrives; the simulator then reports its result. */
  readonly onCommand?: (agent: LightAgent, command: AgentCommand) => void;
}

/** An empty poll that returned sooner than this was not held open. */
const HELD_MS = 500;
const TICK_MS = 10;
const SHARED_CONNECTIONS = 32;

/**
 * Many agents in one process, each with a long poll on its own connection, as real agents have. Heartbeats and results
 * use shared connections, to stay within the open-file limit.
 */
export class FleetSimulator {
  /** Empty polls that were not held open: 0 on a server with long polling. */
  unheldPolls = 0;
  heldPolls = 0;
  heartbeats = 0;
  /** Number of failures by message. */
  readonly failures = new Map<string, number>();
  readonly #connections: HttpConnection[] = [];
  readonly #pool: ConnectionPool;
  #running = true;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly agents: readonly LightAgent[],
    readonly behaviour: FleetBehaviour,
  ) {
    this.#pool = new ConnectionPool(endpoint, SHARED_CONNECTIONS);
  }

  /** Starts the polls of all agents, `perSecond` of them a second; resolves when all have started. */
  async start(perSecond: number): Promise<void> {
    const start = performance.now();
    for (const [index, agent] of this.agents.entries()) {
      const dueMs = (index / perSecond) * 1_000 - (performance.now() - start);
      if (dueMs > TICK_MS) await delay(dueMs);
      const connection = new HttpConnection(this.endpoint);
      this.#connections.push(connection);
      void this.#poll(agent, connection);
    }
  }

  /** Sends a heartbeat for every agent each `intervalSeconds`, evenly spread, until `stop`. */
  async beat(intervalSeconds: number): Promise<void> {
    const start = performance.now();
    for (let sent = 0; this.#running;) {
      const due = ((performance.now() - start) / (intervalSeconds * 1_000)) * this.agents.length;
      for (; sent < due; sent += 1) this.#heartbeat(sent % this.agents.length);
      await delay(TICK_MS);
    }
  }

  /** Closes all connections and abandons pending polls. */
  stop(): void {
    this.#running = false;
    for (const connection of this.#connections) connection.close();
    this.#pool.close();
  }

  async #poll(agent: LightAgent, connection: HttpConnection): Promise<void> {
    const request = agent.poll(this.behaviour.waitSeconds);
    while (this.#running) {
      const start = performance.now();
      const commands = await this.#attempt(
        async () => successOf<readonly AgentCommand[]>(await connection.send(request)).data,
      );
      for (const command of commands ?? []) this.#complete(agent, command);
      if (commands && commands.length > 0) continue;
      if (commands) await this.#afterEmpty(performance.now() - start);
      else await delay(1_000);
    }
  }

  async #afterEmpty(tookMs: number): Promise<void> {
    if (tookMs >= HELD_MS) {
      this.heldPolls += 1;
      return;
    }
    this.unheldPolls += 1;
    const jitter = 0.5 + Math.random();
    await delay(this.behaviour.pollIntervalSeconds * 1_000 * jitter);
  }

  #complete(agent: LightAgent, command: AgentCommand): void {
    this.behaviour.onCommand?.(agent, command);
    const result = agent.result(command.id, { success: true, message: 'Done.', data: { echoed: command.payload } });
    void this.#attempt(async () => successOf(await this.#pool.send(result)));
  }

  #heartbeat(index: number): void {
    const agent = this.agents[index];
    if (!agent) return;
    void this.#attempt(async () => {
      successOf(await this.#pool.send(agent.heartbeat));
      this.heartbeats += 1;
    });
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      const message = (error as Error).message;
      if (this.#running) this.failures.set(message, (this.failures.get(message) ?? 0) + 1);
      return null;
    }
  }
}
