import { type DynamicModule, Module } from '@nestjs/common';
import { Clock } from './common/clock.js';
import { SecretBox } from './common/crypto/secret-box.js';
import { GuardedClock } from './common/guarded-clock.js';
import { Ids } from './common/ids.js';
import { Telemetry } from './common/telemetry.js';
import { AppConfig } from './config/app-config.js';
import { RequestBodyReader } from './http/body/request-body.js';
import { ConnectionLimiter } from './http/connections.js';
import { DeferredResponse } from './http/deferred-response.js';
import { ApiExceptionFilter } from './http/exception.filter.js';
import { PublicTimeLimit } from './http/public-time-limit.js';
import { RequestStats } from './http/request-stats.js';

/** What any module may inject: the configuration, the tools of `common` and the services of `http`. */
@Module({})
export class CoreModule {
  static forRoot(config: AppConfig): DynamicModule {
    const tools = [
      { provide: AppConfig, useValue: config },
      { provide: SecretBox, useFactory: () => new SecretBox(config.sessionSecrets) },
      { provide: Clock, useFactory: () => new GuardedClock() },
      { provide: GuardedClock, useExisting: Clock },
      { provide: Ids, inject: [Clock], useFactory: (clock: Clock) => new Ids(() => clock.now().getTime()) },
      Telemetry,
    ];
    const http = [
      {
        provide: ConnectionLimiter,
        useFactory: () => new ConnectionLimiter(config.unauthenticatedConnectionsPerAddress),
      },
      RequestStats,
      RequestBodyReader,
      PublicTimeLimit,
      DeferredResponse,
      ApiExceptionFilter,
    ];
    const providers = [...tools, ...http];
    return { module: CoreModule, global: true, providers, exports: providers };
  }
}
