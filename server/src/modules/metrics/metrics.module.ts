import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { ChangesModule } from '../changes/changes.module.js';
import { CommandsModule } from '../commands/commands.module.js';
import { MetricsListener } from './metrics-server.js';

@Module({
  imports: [ChangesModule, AgentsModule, CommandsModule],
  providers: [MetricsListener],
})
export class MetricsModule {}
