import { ArrayMaxSize, IsDate, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { AuditActorType, AuditResult, AuditTargetType } from '#contracts';
import { ToList } from '../../../common/http/page.js';
import { ToDate } from '../../../common/http/to-date.js';

const MAX_VALUES = 50;

/** What chooses audit events, wherever some are asked for. */
export class AuditFilterQuery {
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
}
