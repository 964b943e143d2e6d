import { Controller, Get } from '@nestjs/common';
import type { SystemHealth, SystemLiveness, SystemVersion } from '#contracts';
import { Public } from '../../../http/access.js';
import { SystemHealthService } from './system-health.service.js';

@Controller()
export class SystemController {
  constructor(private readonly systemHealth: SystemHealthService) {}

  /** Whether the server works and may get requests; 503 when its database does not respond. */
  @Get(['api/system/health', 'health'])
  @Public()
  health(): Promise<SystemHealth> {
    return this.systemHealth.health();
  }

  /** Whether the process lives: always 200, also while its database is away. Restart a server by this one only. */
  @Get('health/live')
  @Public()
  live(): SystemLiveness {
    return this.systemHealth.liveness();
  }

  /** The version of the running server. */
  @Get('api/system/version')
  @Public()
  version(): SystemVersion {
    return this.systemHealth.version();
  }
}
