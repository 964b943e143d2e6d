import { Module, type DynamicModule } from '@nestjs/common';
import { SecretBox } from '../common/crypto/secret-box.js';
import { ErrorAnswers } from '../common/http/error-answers.js';
import { LateAnswers } from '../common/http/late-answers.js';
import { Traffic } from '../common/http/traffic.js';
import { Ids } from '../common/ids/ids.js';
import { Metrics } from '../common/metrics/metrics.js';
import { Clock, SystemClock } from '../common/time/clock.js';
import { AppConfig } from './app-config.js';

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
        Metrics,
        Traffic,
        ErrorAnswers,
        LateAnswers,
      ],
      exports: [AppConfig, SecretBox, Clock, Ids, Metrics, Traffic, ErrorAnswers, LateAnswers],
    };
  }
}
