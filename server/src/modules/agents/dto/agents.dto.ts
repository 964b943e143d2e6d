import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { AgentStatus } from '#contracts';
import { MAX_SEARCH_LENGTH, PageQuery, ToList } from '../../../common/http/page.js';

export class ListAgentsQuery extends PageQuery {
  @IsOptional()
  @ToList()
  @IsIn(Object.values(AgentStatus), { each: true })
  status?: AgentStatus[];

  /** Part of the code, name or host name. */
  @IsOptional()
  @IsString()
  @MaxLength(MAX_SEARCH_LENGTH)
  q?: string;

  /** `createdAt`, `lastSeenAt`, `name`; `-` before it for descending. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  sort?: string;
}
