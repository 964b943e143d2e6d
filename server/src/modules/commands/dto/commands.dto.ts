import { ArrayMaxSize, IsIn, IsOptional, IsString } from 'class-validator';
import { type CommandId, CommandStatus, CommandType, DEFAULT_PAGE_SIZE } from '#contracts';
import { IsRangeEnd, IsRangeStart, MAX_SEARCH_LENGTH, MaxLength, ToArray } from '../../../http/validation/fields.js';
import { IsCursor, IsPageNumber, IsPageSize } from '../../../http/validation/page-query.dto.js';

const MAX_VALUES = 50;

/** Filters of the summary; the list has more. */
export class SummarizeCommandsQuery {
  @IsOptional()
  @ToArray()
  @IsIn(Object.values(CommandType), { each: true })
  type?: CommandType[];

  @IsOptional()
  @ToArray()
  @ArrayMaxSize(MAX_VALUES)
  @IsString({ each: true })
  actionName?: string[];

  @IsOptional()
  @ToArray()
  @ArrayMaxSize(MAX_VALUES)
  @IsString({ each: true })
  serviceId?: string[];

  @IsOptional()
  @ToArray()
  @ArrayMaxSize(MAX_VALUES)
  @IsString({ each: true })
  agentId?: string[];

  /** Created at this instant or later. */
  @IsRangeStart()
  from?: Date;

  /** Created before this instant. */
  @IsRangeEnd()
  to?: Date;
}

/** Which command. */
export class CommandParams {
  @IsString()
  id!: CommandId;
}

/** Filters, sorting and page of the list. */
export class ListCommandsQuery extends SummarizeCommandsQuery {
  @IsPageNumber()
  page = 1;

  @IsPageSize()
  pageSize: number = DEFAULT_PAGE_SIZE;

  @IsCursor()
  cursor?: string;

  @IsOptional()
  @ToArray()
  @IsIn(Object.values(CommandStatus), { each: true })
  status?: CommandStatus[];

  /** Part of the command's id, or of the name of its action, service or agent. */
  @IsOptional()
  @IsString()
  @MaxLength(MAX_SEARCH_LENGTH)
  q?: string;

  /** `createdAt` or `completedAt` (alias `finishedAt`); prefix `-` for descending. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  sort?: string;
}
