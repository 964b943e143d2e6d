import type { NestExpressApplication } from '@nestjs/platform-express';
import cookieParser from 'cookie-parser';
import type { Application } from 'express';
import { PinoLogger } from 'nestjs-pino';
import { Telemetry } from './common/telemetry.js';
import { AppConfig } from './config/app-config.js';
import { answerParserErrors, ConnectionLimiter, setRequestTimeouts } from './http/connections.js';
import { serveConsole } from './http/console-files.js';
import { ApiExceptionFilter } from './http/exception.filter.js';
import { rejectHostileUrl } from './http/hostile-input.js';
import { requestId, requestLogger } from './http/logging.js';
import { serveApiDocs } from './http/openapi/api-docs.js';
import { readForwardedFor } from './http/proxy/forwarded-for.js';
import { measureRequests, recordRequests, RequestStats } from './http/request-stats.js';
import { serveSdk } from './http/sdk-files.js';
import { noStore, securityHeaders } from './http/security-headers.js';
import { AccessGuard } from './modules/auth/access/access.guard.js';
import { IpAllowList } from './modules/auth/access/ip-allow-list.js';
import { SameOriginCheck } from './modules/auth/access/same-origin.js';

const prepareExpress = (app: NestExpressApplication, { trustProxy }: AppConfig): void => {
  app.disable('x-powered-by');
  // Every success is a 200, so never a 304; and responses of the API must not be stored anyway.
  app.set('etag', false);
  app.set('trust proxy', trustProxy);
  // Express' own setting would come too late: Nest's adapter has already created the router.
  Object.assign((app.getHttpAdapter().getInstance() as Application).router, { caseSensitive: true });
};

const limitConnections = (app: NestExpressApplication): void => {
  const server = app.getHttpServer();
  answerParserErrors(server);
  setRequestTimeouts(server);
  app.get(ConnectionLimiter).watch(server);
};

/** Sets up the steps that every request passes, in this order; the server and the tests share it. */
export const applyPipeline = (app: NestExpressApplication): void => {
  const config = app.get(AppConfig);
  prepareExpress(app, config);
  // Before there is a request: parser errors, timeouts, the limit for unauthenticated connections.
  limitConnections(app);
  if (config.trustProxy !== false) app.use(readForwardedFor);
  app.use(requestId, requestLogger(PinoLogger.root));
  app.use('/api/admin', recordRequests(app.get(RequestStats)));
  if (config.metricsPort > 0) app.use(measureRequests(app.get(Telemetry)));
  app.use(...securityHeaders(config));
  app.use('/api', noStore);
  const ipAllowList = app.get(IpAllowList);
  if (ipAllowList.isActive) app.use(ipAllowList.middleware);
  app.use('/api/admin', app.get(SameOriginCheck).middleware);
  app.use(rejectHostileUrl);
  app.use('/api/admin', cookieParser([...config.sessionSecrets]));
  serveApiDocs(app, config.version);
  serveSdk(app, config);
  serveConsole(app, config);
  // Nest's router finds the handler. The guard decides who may call it and reads the body; guards of the route, validation
  // and the handler follow. `EnvelopeAdapter` responds.
  app.useGlobalGuards(app.get(AccessGuard));
  // Handles errors of every step, from the first one on.
  app.useGlobalFilters(app.get(ApiExceptionFilter));
  // Not all signals, as by default: those of a broken process must end it, and `nohup` must keep working. A server that was asked
  // to stop has not failed, so it exits with 0 instead of raising the signal again.
  app.enableShutdownHooks(['SIGINT', 'SIGTERM'], { useProcessExit: true });
};
