import { ArrayMaxSize, IsDate, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { CommandStatus, CommandType } from '#contracts';
import { CursorQuery, MAX_SEARCH_LENGTH, ToList } from '../../../common/http/page.js';
import { ToDate } from '../../../common/http/to-date.js';

const MAX_VALUES = 50;

export class ListCommandsQuery extends CursorQuery {
  @IsOptional()
  @ToList()
  @IsIn(Object.values(CommandStatus), { each: true })
  status?: CommandStatus[];

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

  /** Part of the command's id, or of the name of its action, service or agent. */
  @IsOptional()
  @IsString()
  @MaxLength(MAX_SEARCH_LENGTH)
  q?: string;

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

  /** `createdAt`, `completedAt` (or `finishedAt`); `-` before it for descending. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  sort?: string;
}
