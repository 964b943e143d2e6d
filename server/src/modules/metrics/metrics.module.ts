import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { ChangesModule } from '../changes/changes.module.js';
import { CommandsModule } from '../commands/commands.module.js';
import { CommandCounts } from './command-counts.js';
import { Gauges } from './gauges.js';
import { MetricsListener } from './metrics-listener.js';

@Module({
  imports: [ChangesModule, AgentsModule, CommandsModule],
  providers: [CommandCounts, Gauges, MetricsListener],
})
export class MetricsModule {}
