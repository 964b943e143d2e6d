import { Module } from '@nestjs/common';
import { ChangesModule } from '../changes/changes.module.js';
import { AuditStream } from './audit-stream.js';
import { AuditController } from './audit.controller.js';
import { AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';
import { AuditChain, AuditRetention, SignatureRenewal } from './chain/audit-chain.service.js';
import { AuditSealer } from './chain/audit-sealer.js';
import { AuditVerificationService } from './chain/audit-verification.service.js';
import { ChainReader } from './chain/chain-reader.js';
import { ChainRepository } from './chain/chain.repository.js';
import { AuditExportService } from './export/audit-export.service.js';
import { SampledAudit } from './sampled-audit.js';
import { AuditSummaryService } from './summary/audit-summary.service.js';

@Module({
  imports: [ChangesModule],
  controllers: [AuditController],
  providers: [
    AuditRepository,
    AuditService,
    SampledAudit,
    AuditExportService,
    AuditRetention,
    AuditStream,
    AuditSummaryService,
    AuditVerificationService,
    AuditChain,
    AuditSealer,
    ChainReader,
    ChainRepository,
    SignatureRenewal,
  ],
  exports: [AuditService, SampledAudit, AuditRetention, AuditVerificationService],
})
export class AuditModule {}
