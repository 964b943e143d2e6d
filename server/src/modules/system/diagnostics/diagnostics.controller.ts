import { Get } from '@nestjs/common';
import type { RuntimeDiagnostics, SafetyReport } from '#contracts';
import { Access, AdminController } from '../../../http/access.js';
import { SafetyService } from '../safety/safety.service.js';
import { DiagnosticsService } from './diagnostics.service.js';

@AdminController('diagnostics')
export class DiagnosticsController {
  constructor(
    private readonly diagnostics: DiagnosticsService,
    private readonly safety: SafetyService,
  ) {}

  /** Checks whether this installation is secure: what was found, why it matters, and what to do. */
  @Get('safety')
  @Access('owner')
  report(): Promise<SafetyReport> {
    return this.safety.report();
  }

  /** The running process and its configuration, with secrets masked. */
  @Get('runtime')
  @Access('operator')
  runtime(): Promise<RuntimeDiagnostics> {
    return this.diagnostics.runtime();
  }
}
