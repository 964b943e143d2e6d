import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Telemetry } from '../../common/telemetry.js';
import { AppConfig } from '../../config/app-config.js';
import { Database } from '../../database/database.js';
import { AgentsService } from '../agents/agents.service.js';
import { CapsuleServicesService } from '../agents/services/capsule-services.service.js';
import { BackupsService } from '../backups/backups.service.js';
import { ChangeFeed } from '../changes/change-feed.js';
import { ParkedPolls } from '../commands/dispatch/parked-polls.js';
import type { Measuring } from './prometheus.js';

/** Serves metrics to Prometheus on a port of its own, so the public port gains no new endpoint. Off unless a port is set. */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger(MetricsServer.name);
  #server: Server | null = null;
  #measuring: Measuring | null = null;

  constructor(
    private readonly config: AppConfig,
    private readonly telemetry: Telemetry,
    private readonly changes: ChangeFeed,
    private readonly db: Database,
    private readonly agents: AgentsService,
    private readonly services: CapsuleServicesService,
    private readonly backups: BackupsService,
    private readonly polls: ParkedPolls,
  ) {}

  /** Starts listening. @throws Error when the port is not available */
  async onApplicationBootstrap(): Promise<void> {
    const { metricsHost: host, metricsPort: port } = this.config;
    if (port === 0) return;
    // Loaded on demand: the library takes a twentieth of the startup time.
    const { startMeasuring } = await import('./prometheus.js');
    const { config, telemetry, changes, db, agents, services, backups, polls } = this;
    const measuring = startMeasuring({ config, telemetry, changes, db, agents, services, backups, polls });
    this.#measuring = measuring;
    const handle = handlerFor(measuring, this.#logger);
    const server = createServer((request, response) => void handle(request, response));
    server.listen(port, host);
    await once(server, 'listening').catch((error: unknown) => {
      throw new Error(
        `Metrics cannot listen on ${host}, port ${port}; change OPSTAGE_METRICS_PORT or OPSTAGE_METRICS_HOST.`,
        { cause: error },
      );
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

const handlerFor =
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
      // A rejection here would end the process.
      if (response.headersSent) response.destroy();
      else response.writeHead(503).end();
    }
  };
