import { Controller, Get } from '@nestjs/common';
import type { SystemHealth, SystemVersion } from '#contracts';
import { Public } from '../../../http/access.js';
import { SystemHealthService } from './system-health.service.js';

@Controller()
export class SystemController {
  constructor(private readonly system: SystemHealthService) {}

  /** Whether the server works; 503 when its database does not answer. */
  @Get(['api/system/health', 'health'])
  @Public()
  health(): Promise<SystemHealth> {
    return this.system.health();
  }

  /** What is running here. */
  @Get('api/system/version')
  @Public()
  version(): SystemVersion {
    return this.system.version();
  }
}
