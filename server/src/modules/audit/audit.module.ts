import { Module } from '@nestjs/common';
import { ChangesModule } from '../changes/changes.module.js';
import { AuditExport } from './audit-export.js';
import { AuditRetention } from './audit-retention.js';
import { AuditVerificationService } from './audit-verification.js';
import { AuditController } from './audit.controller.js';
import { AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';
import { AuditChain } from './chain/audit-chain.js';
import { AuditSealer } from './chain/audit-sealer.js';
import { ChainReader } from './chain/chain-reader.js';
import { ChainRepository } from './chain/chain.repository.js';
import { SignatureRenewal } from './chain/signature-renewal.js';
import { SampledAudit } from './sampled-audit.js';
import { AuditStream } from './stream/audit-stream.js';
import { AuditSummaryService } from './summary/audit-summary.js';

@Module({
  imports: [ChangesModule],
  controllers: [AuditController],
  providers: [
    AuditRepository,
    AuditService,
    SampledAudit,
    AuditExport,
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
