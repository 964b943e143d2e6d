import { Injectable } from '@nestjs/common';
import { Inject } from '@nestjs/common';
import { Logger, PARAMS_PROVIDER_TOKEN, PinoLogger, type Params } from 'nestjs-pino';
import { requestOfLine } from './request-log.js';

interface LoggingConfig {
  readonly production: boolean;
  readonly logLevel: string;
}

/** What pino makes of an error before it asks for ours. */
interface ReadError {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly code?: unknown;
}

const isReadError = (error: unknown): error is ReadError =>
  typeof error === 'object' && error !== null && 'type' in error && 'stack' in error;

/** Type, message, stack and code: never what else hangs on an error, such as the parameters of a query. */
const serializeError = (error: unknown): object => {
  if (!isReadError(error)) return { message: String(error) };
  const { type, message, stack } = error;
  return { type, message, stack, ...('code' in error && { code: error.code }) };
};

const pathOf = (url: string | undefined): string => (url ?? '').split('?')[0] ?? '';

/** JSON lines, or readable ones on a development terminal. A request is logged without headers, query and body. */
export const loggingParams = async ({ production, logLevel }: LoggingConfig): Promise<Params> => {
  const options = {
    level: logLevel,
    mixin: requestOfLine,
    serializers: {
      req: (request: { id: string; method: string; url?: string }) => ({
        id: request.id,
        method: request.method,
        path: pathOf(request.url),
      }),
      res: (response: { statusCode: number }) => ({ statusCode: response.statusCode }),
      err: serializeError,
    },
  };
  // Requests are logged by a middleware of our own.
  const forRoutes: [] = [];
  if (production || !process.stdout.isTTY) return { pinoHttp: options, forRoutes };
  const { default: pretty } = await import('pino-pretty');
  return { pinoHttp: [options, pretty({ sync: true, ignore: 'pid,hostname,req,res,responseTime' })], forRoutes };
};

/** Parts of Nest that tell every module and route at each start. */
const CHATTY = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication']);

/** The application's logger; what Nest itself tells at start is debug. */
@Injectable()
export class AppLogger extends Logger {
  constructor(logger: PinoLogger, @Inject(PARAMS_PROVIDER_TOKEN) params: Params) {
    super(logger, params);
  }

  override log(message: unknown, ...parameters: unknown[]): void {
    if (CHATTY.has(String(parameters.at(-1)))) this.debug(message, ...parameters);
    else super.log(message, ...parameters);
  }
}
