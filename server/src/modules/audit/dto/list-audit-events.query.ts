import { IntersectionType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { AUDIT_EXPORT_FORMATS, type AuditExportFormat } from '#contracts';
import { CursorQuery } from '../../../common/http/page.js';
import { AuditFilterQuery } from './audit-filter.query.js';

export class ListAuditEventsQuery extends IntersectionType(AuditFilterQuery, CursorQuery) {
  @IsOptional()
  @IsString()
  @MaxLength(200)
  sort?: string;
}

export class ExportAuditEventsQuery extends ListAuditEventsQuery {
  @IsOptional()
  @IsIn(AUDIT_EXPORT_FORMATS)
  @Transform(({ value }: { value: unknown }) => value ?? 'json')
  format: AuditExportFormat = 'json';
}
