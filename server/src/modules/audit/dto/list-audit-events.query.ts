import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { AUDIT_EXPORT_FORMATS, DEFAULT_PAGE_SIZE, type AuditExportFormat } from '#contracts';
import { IsCursor, IsPageNumber, IsPageSize } from '../../../common/http/page.js';
import { AuditFilterQuery } from './audit-filter.query.js';

export class ListAuditEventsQuery extends AuditFilterQuery {
  @IsPageNumber()
  page = 1;

  @IsPageSize()
  pageSize: number = DEFAULT_PAGE_SIZE;

  @IsCursor()
  cursor?: string;

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
