import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Telemetry } from '../../common/telemetry.js';
import { AppConfig } from '../../config/app-config.js';
import { Database } from '../../database/database.js';
import { AgentsService } from '../agents/agents.service.js';
import { ChangeFeed } from '../changes/change-feed.js';
import { ParkedPolls } from '../commands/dispatch/parked-polls.js';
import type { Measuring } from './prometheus.js';

/** Answers Prometheus on a listener of its own, so that the public port gains no way in. Off unless a port is set. */
@Injectable()
export class MetricsListener implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger(MetricsListener.name);
  #server: Server | null = null;
  #measuring: Measuring | null = null;

  constructor(
    private readonly config: AppConfig,
    private readonly metrics: Telemetry,
    private readonly changes: ChangeFeed,
    private readonly db: Database,
    private readonly agents: AgentsService,
    private readonly polls: ParkedPolls,
  ) {}

  /** @throws Error when the port cannot be had */
  async onApplicationBootstrap(): Promise<void> {
    const { metricsHost: host, metricsPort: port } = this.config;
    if (port === 0) return;
    // Loaded by those only who want it: with what it needs it is a twentieth of a start.
    const { startMeasuring } = await import('./prometheus.js');
    const { metrics, changes, db, agents, polls } = this;
    const measuring = startMeasuring({ metrics, changes, db, agents, polls });
    this.#measuring = measuring;
    const answer = answerFrom(measuring, this.#logger);
    const server = createServer((request, response) => void answer(request, response));
    server.listen(port, host);
    await once(server, 'listening').catch((error: unknown) => {
      throw new Error(`The metrics cannot listen on port ${port} of ${host} (OPSTAGE_METRICS_PORT).`, { cause: error });
    });
    this.#server = server;
    this.#logger.log(`Metrics at http://${host}:${port}/metrics`);
  }

  beforeApplicationShutdown(): void {
    this.#measuring?.stop();
    this.#server?.close();
    this.#server?.closeAllConnections();
  }
}

const answerFrom =
  ({ registry }: Measuring, logger: Logger) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    try {
      const text = await registry.metrics();
      response.writeHead(200, { 'content-type': registry.contentType }).end(text);
    } catch (error) {
      logger.warn(error);
      response.writeHead(503).end();
    }
  };
