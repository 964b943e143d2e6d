import { type DynamicModule, Module } from '@nestjs/common';
import { Clock, SystemClock } from './common/clock.js';
import { SecretBox } from './common/crypto/secret-box.js';
import { Ids } from './common/ids.js';
import { Telemetry } from './common/telemetry.js';
import { AppConfig } from './config/app-config.js';
import { DeferredResponse } from './http/deferred-response.js';
import { ErrorResponder } from './http/exception.filter.js';
import { RequestStats } from './http/request-stats.js';

/** The configuration and the ambient things every module may ask for: clock, ids, sealing, metrics, traffic, answers. */
@Module({})
export class ConfigModule {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [
        { provide: AppConfig, useValue: config },
        { provide: SecretBox, useFactory: () => new SecretBox(config.sessionSecrets) },
        { provide: Clock, useClass: SystemClock },
        Ids,
        Telemetry,
        RequestStats,
        ErrorResponder,
        DeferredResponse,
      ],
      exports: [AppConfig, SecretBox, Clock, Ids, Telemetry, RequestStats, ErrorResponder, DeferredResponse],
    };
  }
}
