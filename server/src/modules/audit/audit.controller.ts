import { Get, Param, Query, Res, StreamableFile } from '@nestjs/common';
import type { Response } from 'express';
import type { AuditEvent, AuditSummary, AuditVerification } from '#contracts';
import type { UserActor } from '../../common/actor.js';
import type { PageResult } from '../../database/lists/page.js';
import { Access, AdminController, CurrentUser, HasEffect, NoEnvelope } from '../../http/access.js';
import { AuditService } from './audit.service.js';
import {
  AuditEventParams,
  ExportAuditEventsQuery,
  ListAuditEventsQuery,
  SummarizeAuditEventsQuery,
} from './dto/audit.dto.js';
import { AuditExportService, toDownload } from './export/audit-export.service.js';
import { AuditIntegrityService } from './integrity/audit-integrity.service.js';
import { AuditSummaryService } from './summary/audit-summary.service.js';

@AdminController('audit-events')
export class AuditController {
  constructor(
    private readonly audit: AuditService,
    private readonly exports: AuditExportService,
    private readonly summary: AuditSummaryService,
    private readonly integrity: AuditIntegrityService,
  ) {}

  /** Lists audit events, newest first. */
  @Get()
  @Access('viewer')
  list(@Query() query: ListAuditEventsQuery): Promise<PageResult<AuditEvent>> {
    return this.audit.list(query);
  }

  /**
   * Streams every event that matches the filter, without paging: CSV and JSON newest first, JSON Lines in sealed order
   * with the proof. JSON uses the usual envelope, with `summary: {count, root}` after `data`. The `X-Audit-Root` header
   * contains the root of the chain. The export itself is audited.
   */
  @Get('export')
  @Access('operator')
  @HasEffect()
  @NoEnvelope()
  async export(
    @CurrentUser() actor: UserActor,
    @Query() query: ExportAuditEventsQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    return toDownload(response, await this.exports.start(actor, query, query.format));
  }

  /**
   * Counts the events that match the filter over time and by action, actor, target and result. The default range is the
   * last day; `all` starts at the first event.
   */
  @Get('summary')
  @Access('viewer')
  summarize(@Query() query: SummarizeAuditEventsQuery): Promise<AuditSummary> {
    return this.summary.summarize(query);
  }

  /**
   * Verifies the audit against its seals, and names the first event that was changed, removed, inserted or moved since.
   * Takes a while on a long audit, without delaying other requests.
   */
  @Get('verify')
  @Access('operator')
  verify(): Promise<AuditVerification> {
    return this.integrity.verify();
  }

  /** Returns one audit event. */
  @Get(':id')
  @Access('viewer')
  get(@Param() { id }: AuditEventParams): Promise<AuditEvent> {
    return this.audit.getById(id);
  }
}
