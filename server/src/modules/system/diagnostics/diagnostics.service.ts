import { Injectable } from '@nestjs/common';
import type { RuntimeDiagnostics } from '#contracts';
import { AppConfig } from '../../../config/app-config.js';
import { describeConfig } from '../../../config/load-config.js';
import { Database } from '../../../database/database.js';
import { SystemHealthService } from '../health/system-health.service.js';

/** What operators need to know about the running process. */
@Injectable()
export class DiagnosticsService {
  constructor(
    private readonly systemHealth: SystemHealthService,
    private readonly db: Database,
    private readonly config: AppConfig,
  ) {}

  /** The running process and its configuration, with secrets masked. */
  async runtime(): Promise<RuntimeDiagnostics> {
    const memory = process.memoryUsage();
    return {
      version: this.systemHealth.version(),
      node: { version: process.version, platform: process.platform, arch: process.arch, pid: process.pid },
      uptimeSeconds: Math.floor(process.uptime()),
      memory: { rssBytes: memory.rss, heapUsedBytes: memory.heapUsed, heapTotalBytes: memory.heapTotal },
      database: { kind: this.db.kind, sizeBytes: await this.db.sizeBytes() },
      configuration: describeConfig(this.config),
    };
  }
}
