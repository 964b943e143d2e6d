import { Module } from '@nestjs/common';
import { ChangesModule } from '../changes/changes.module.js';
import { AuditExport } from './audit-export.js';
import { AuditController } from './audit.controller.js';
import { AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';
import { SampledAudit } from './sampled-audit.js';

@Module({
  imports: [ChangesModule],
  controllers: [AuditController],
  providers: [AuditRepository, AuditService, SampledAudit, AuditExport],
  exports: [AuditService, SampledAudit],
})
export class AuditModule {}
