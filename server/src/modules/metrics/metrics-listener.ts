import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Metrics } from '../../common/metrics/metrics.js';
import { AppConfig } from '../../config/app-config.js';
import { Gauges } from './gauges.js';

/** Answers Prometheus on a listener of its own, so that the public port gains no way in. Off unless a port is set. */
@Injectable()
export class MetricsListener implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger(MetricsListener.name);
  #server: Server | null = null;

  constructor(
    private readonly config: AppConfig,
    private readonly metrics: Metrics,
    private readonly gauges: Gauges,
  ) {}

  /** @throws Error when the port cannot be had */
  async onApplicationBootstrap(): Promise<void> {
    const { metricsHost: host, metricsPort: port } = this.config;
    if (port === 0) return;
    this.gauges.register();
    const server = createServer((request, response) => void this.#answer(request, response));
    server.listen(port, host);
    await once(server, 'listening').catch((error: unknown) => {
      throw new Error(`The metrics cannot listen on port ${port} of ${host} (OPSTAGE_METRICS_PORT).`, { cause: error });
    });
    this.#server = server;
    this.#logger.log(`Metrics at http://${host}:${port}/metrics`);
  }

  beforeApplicationShutdown(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    try {
      const { registry } = this.metrics;
      const text = await registry.metrics();
      response.writeHead(200, { 'content-type': registry.contentType }).end(text);
    } catch (error) {
      this.#logger.warn(error);
      response.writeHead(503).end();
    }
  }
}
