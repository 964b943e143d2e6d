import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { BackupsModule } from '../backups/backups.module.js';
import { ChangesModule } from '../changes/changes.module.js';
import { CommandsModule } from '../commands/commands.module.js';
import { MetricsServer } from './metrics-server.js';

/** Metrics for Prometheus, off unless a port is set. */
@Module({
  imports: [ChangesModule, AgentsModule, BackupsModule, CommandsModule],
  providers: [MetricsServer],
})
export class MetricsModule {}
