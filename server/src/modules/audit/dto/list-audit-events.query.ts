import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsDate, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { AUDIT_EXPORT_FORMATS, AuditActorType, AuditResult, AuditTargetType, type AuditExportFormat } from '#contracts';
import { CursorQuery, ToList } from '../../../common/http/page.js';
import { ToDate } from '../../../common/http/to-date.js';

const MAX_VALUES = 50;

export class ListAuditEventsQuery extends CursorQuery {
  @IsOptional()
  @ToList()
  @ArrayMaxSize(MAX_VALUES)
  @IsIn(Object.values(AuditActorType), { each: true })
  actorType?: AuditActorType[];

  @IsOptional()
  @ToList()
  @ArrayMaxSize(MAX_VALUES)
  @IsString({ each: true })
  @MaxLength(80, { each: true })
  actorId?: string[];

  @IsOptional()
  @ToList()
  @ArrayMaxSize(MAX_VALUES)
  @IsString({ each: true })
  @MaxLength(80, { each: true })
  action?: string[];

  @IsOptional()
  @ToList()
  @ArrayMaxSize(MAX_VALUES)
  @IsIn(Object.values(AuditTargetType), { each: true })
  targetType?: AuditTargetType[];

  @IsOptional()
  @ToList()
  @ArrayMaxSize(MAX_VALUES)
  @IsString({ each: true })
  @MaxLength(80, { each: true })
  targetId?: string[];

  @IsOptional()
  @ToList()
  @ArrayMaxSize(MAX_VALUES)
  @IsIn(Object.values(AuditResult), { each: true })
  result?: AuditResult[];

  /** Not before this instant. */
  @IsOptional()
  @ToDate()
  @IsDate()
  from?: Date;

  /** Before this instant. */
  @IsOptional()
  @ToDate()
  @IsDate()
  to?: Date;

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
