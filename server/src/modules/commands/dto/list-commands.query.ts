import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { CommandStatus, DEFAULT_PAGE_SIZE } from '#contracts';
import { IsCursor, IsPageNumber, IsPageSize, MAX_SEARCH_LENGTH, ToList } from '../../../common/http/page.js';
import { SummarizeCommandsQuery } from './summarize-commands.query.js';

export class ListCommandsQuery extends SummarizeCommandsQuery {
  @IsPageNumber()
  page = 1;

  @IsPageSize()
  pageSize: number = DEFAULT_PAGE_SIZE;

  @IsCursor()
  cursor?: string;

  @IsOptional()
  @ToList()
  @IsIn(Object.values(CommandStatus), { each: true })
  status?: CommandStatus[];

  /** Part of the command's id, or of the name of its action, service or agent. */
  @IsOptional()
  @IsString()
  @MaxLength(MAX_SEARCH_LENGTH)
  q?: string;

  /** `createdAt`, `completedAt` (or `finishedAt`); `-` before it for descending. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  sort?: string;
}
