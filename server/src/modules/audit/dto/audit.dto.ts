import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsBoolean, IsIn, IsOptional, IsString } from 'class-validator';
import {
  AUDIT_EXPORT_FORMATS,
  AuditActorType,
  type AuditEventId,
  type AuditExportFormat,
  AuditResult,
  AuditTargetType,
  DEFAULT_PAGE_SIZE,
} from '#contracts';
import { IsRangeEnd, IsRangeStart, MaxLength, ToArray, ToBoolean } from '../../../http/validation/fields.js';
import { IsCursor, IsPageNumber, IsPageSize } from '../../../http/validation/page-query.dto.js';

const MAX_VALUES = 50;

/** The filter shared by all requests for audit events. */
export class AuditFilterQuery {
  @IsOptional()
  @ToArray()
  @ArrayMaxSize(MAX_VALUES)
  @IsIn(Object.values(AuditActorType), { each: true })
  actorType?: AuditActorType[];

  @IsOptional()
  @ToArray()
  @ArrayMaxSize(MAX_VALUES)
  @IsString({ each: true })
  @MaxLength(80, { each: true })
  actorId?: string[];

  @IsOptional()
  @ToArray()
  @ArrayMaxSize(MAX_VALUES)
  @IsString({ each: true })
  @MaxLength(80, { each: true })
  action?: string[];

  @IsOptional()
  @ToArray()
  @ArrayMaxSize(MAX_VALUES)
  @IsIn(Object.values(AuditTargetType), { each: true })
  targetType?: AuditTargetType[];

  @IsOptional()
  @ToArray()
  @ArrayMaxSize(MAX_VALUES)
  @IsString({ each: true })
  @MaxLength(80, { each: true })
  targetId?: string[];

  @IsOptional()
  @ToArray()
  @ArrayMaxSize(MAX_VALUES)
  @IsIn(Object.values(AuditResult), { each: true })
  result?: AuditResult[];

  /** The start of the range, inclusive. */
  @IsRangeStart()
  from?: Date;

  /** The end of the range, exclusive. */
  @IsRangeEnd()
  to?: Date;
}

export class AuditEventParams {
  @IsString()
  id!: AuditEventId;
}

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

/** An export has no pages. */
export class ExportAuditEventsQuery extends AuditFilterQuery {
  @IsOptional()
  @IsIn(AUDIT_EXPORT_FORMATS)
  @Transform(({ value }: { value: unknown }) => value ?? 'json')
  format: AuditExportFormat = 'json';
}

export class SummarizeAuditEventsQuery extends AuditFilterQuery {
  /** Starts at the first matching event unless `from` is given. */
  @IsOptional()
  @ToBoolean()
  @IsBoolean()
  all?: boolean;
}
