import { Module } from '@nestjs/common';
import { AuditExport } from './audit-export.js';
import { AuditController } from './audit.controller.js';
import { AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';
import { SampledAudit } from './sampled-audit.js';

@Module({
  controllers: [AuditController],
  providers: [AuditRepository, AuditService, SampledAudit, AuditExport],
  exports: [AuditService, SampledAudit],
})
export class AuditModule {}
