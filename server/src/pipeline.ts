import type { NestExpressApplication } from '@nestjs/platform-express';
import cookieParser from 'cookie-parser';
import type { Application, NextFunction, Request, Response } from 'express';
import { PinoLogger } from 'nestjs-pino';
import { Telemetry } from './common/telemetry.js';
import { AppConfig } from './config/app-config.js';
import { answerParserErrors, ConnectionLimiter, setRequestTimeouts } from './http/connections.js';
import { serveConsole } from './http/console-files.js';
import { rejectHostileUrl } from './http/hostile-input.js';
import { requestLogger, requestId } from './http/logging.js';
import { serveApiDocs } from './http/openapi/api-docs.js';
import { measureRequests, recordRequests, RequestStats } from './http/request-stats.js';
import { securityHeaders } from './http/security-headers.js';
import { IpAllowList } from './modules/auth/access/ip-allow-list.js';
import { SameOriginCheck } from './modules/auth/access/same-origin.js';

const noStore = (_request: Request, response: Response, next: NextFunction): void => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};

/** Everything around the routes; the same for the server and for every test of it. */
export const applyPipeline = (app: NestExpressApplication): void => {
  const config = app.get(AppConfig);
  app.disable('x-powered-by');
  // Every success answers 200: a 304 would be none, and what the API answers is not to be stored anyway.
  app.set('etag', false);
  app.set('trust proxy', config.trustProxy);
  // The setting of that name comes too late: Nest's adapter has made the router already.
  Object.assign((app.getHttpAdapter().getInstance() as Application).router, { caseSensitive: true });
  const server = app.getHttpServer();
  answerParserErrors(server);
  setRequestTimeouts(server);
  app.get(ConnectionLimiter).watch(server);
  app.use(requestId, requestLogger(PinoLogger.root));
  app.use('/api/admin', recordRequests(app.get(RequestStats)));
  if (config.metricsPort > 0) app.use(measureRequests(app.get(Telemetry)));
  app.use(...securityHeaders(config));
  app.use('/api', noStore);
  const fence = app.get(IpAllowList);
  if (fence.isActive) app.use(fence.middleware);
  app.use('/api/admin', app.get(SameOriginCheck).middleware);
  app.use(rejectHostileUrl);
  app.use('/api/admin', cookieParser([...config.sessionSecrets]));
  serveApiDocs(app, config.version);
  serveConsole(app, config);
  // Not all signals, as the default is: one that says the process is broken must end it, and `nohup` must hold.
  // A server that was told to stop, and did, has not failed: it exits with 0 instead of raising the signal again.
  app.enableShutdownHooks(['SIGINT', 'SIGTERM'], { useProcessExit: true });
};
