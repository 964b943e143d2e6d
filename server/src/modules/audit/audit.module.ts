import { Module } from '@nestjs/common';
import { ChangesModule } from '../changes/changes.module.js';
import { AuditStream } from './audit-stream.js';
import { AuditController } from './audit.controller.js';
import { AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';
import { AuditChainService } from './chain/audit-chain.service.js';
import { AuditRetentionService } from './chain/audit-retention.service.js';
import { AuditSealer } from './chain/audit-sealer.js';
import { AuditVerificationService } from './chain/audit-verification.service.js';
import { ChainReader } from './chain/chain-reader.js';
import { ChainRepository } from './chain/chain.repository.js';
import { AuditExportService } from './export/audit-export.service.js';
import { AuditIntegrityService } from './integrity/audit-integrity.service.js';
import { SampledAudit } from './sampled-audit.js';
import { AuditSummaryService } from './summary/audit-summary.service.js';

/** The audit: recording, listing, export, and the chain of seals that makes tampering evident. */
@Module({
  imports: [ChangesModule],
  controllers: [AuditController],
  providers: [
    AuditRepository,
    AuditService,
    SampledAudit,
    AuditExportService,
    AuditStream,
    AuditSummaryService,
    AuditVerificationService,
    AuditIntegrityService,
    AuditChainService,
    AuditRetentionService,
    AuditSealer,
    ChainReader,
    ChainRepository,
  ],
  exports: [AuditService, SampledAudit, AuditIntegrityService],
})
export class AuditModule {}
