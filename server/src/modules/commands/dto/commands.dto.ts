import { ArrayMaxSize, IsDate, IsIn, IsOptional, IsString } from 'class-validator';
import { CommandType } from '#contracts';
import { ToList } from '../../../common/http/page.js';
import { ToDate } from '../../../common/http/to-date.js';

const MAX_VALUES = 50;

/** What chooses commands, wherever some are asked for. */
export class SummarizeCommandsQuery {
  @IsOptional()
  @ToList()
  @IsIn(Object.values(CommandType), { each: true })
  type?: CommandType[];

  @IsOptional()
  @ToList()
  @ArrayMaxSize(MAX_VALUES)
  @IsString({ each: true })
  actionName?: string[];

  @IsOptional()
  @ToList()
  @ArrayMaxSize(MAX_VALUES)
  @IsString({ each: true })
  serviceId?: string[];

  @IsOptional()
  @ToList()
  @ArrayMaxSize(MAX_VALUES)
  @IsString({ each: true })
  agentId?: string[];

  /** Created at this instant or later. */
  @IsOptional()
  @ToDate()
  @IsDate()
  from?: Date;

  /** Created before this instant. */
  @IsOptional()
  @ToDate()
  @IsDate()
  to?: Date;
}
