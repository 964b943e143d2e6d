import { type DynamicModule, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { LoggerModule } from 'nestjs-pino';
import type { AppConfig } from './config/app-config.js';
import { CoreModule } from './core.module.js';
import { DatabaseModule } from './database/database.module.js';
import { openDatabaseForServer } from './database/open-database.js';
import { entities } from './entities.js';
import { AppLogger, loggingParams } from './http/logging.js';
import { AgentsModule } from './modules/agents/agents.module.js';
import { AuditModule } from './modules/audit/audit.module.js';
import { AuthModule } from './modules/auth/auth.module.js';
import { FirstOwner } from './modules/auth/users/first-owner.js';
import { BackupsModule } from './modules/backups/backups.module.js';
import { CommandsModule } from './modules/commands/commands.module.js';
import { EventsModule } from './modules/events/events.module.js';
import { MaintenanceModule } from './modules/maintenance/maintenance.module.js';
import { MetricsModule } from './modules/metrics/metrics.module.js';
import { RegistrationModule } from './modules/registration/registration.module.js';
import { SystemModule } from './modules/system/system.module.js';

@Module({})
export class AppModule {
  /** `open` opens the database; without it, the one of the configuration is opened for a server. */
  static forRoot(config: AppConfig, open = openDatabaseForServer): DynamicModule {
    return {
      module: AppModule,
      imports: [
        LoggerModule.forRootAsync({ useFactory: () => loggingParams(config) }),
        CoreModule.forRoot(config),
        DatabaseModule.forRoot(open, entities),
        ScheduleModule.forRoot(),
        // First, because routes are tried in this order and agents call these far more often than all others are called.
        CommandsModule,
        AuditModule,
        AgentsModule,
        AuthModule,
        RegistrationModule,
        BackupsModule,
        MaintenanceModule,
        EventsModule,
        SystemModule,
        MetricsModule,
      ],
      providers: [AppLogger, FirstOwner],
    };
  }
}
