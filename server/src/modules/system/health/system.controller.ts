import { Controller, Get } from '@nestjs/common';
import type { SystemHealth, SystemVersion } from '#contracts';
import { Public } from '../../../http/access.js';
import { SystemHealthService } from './system-health.service.js';

@Controller()
export class SystemController {
  constructor(private readonly systemHealth: SystemHealthService) {}

  /** Whether the server works; 503 when its database does not respond. */
  @Get(['api/system/health', 'health'])
  @Public()
  health(): Promise<SystemHealth> {
    return this.systemHealth.health();
  }

  /** The version of the running server. */
  @Get('api/system/version')
  @Public()
  version(): SystemVersion {
    return this.systemHealth.version();
  }
}
