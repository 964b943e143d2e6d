import { IsIn, IsOptional, IsString } from 'class-validator';
import { type AgentId, AgentStatus } from '#contracts';
import { MAX_SEARCH_LENGTH, MaxLength, ToArray } from '../../../http/validation/fields.js';
import { PageQuery } from '../../../http/validation/page-query.dto.js';

/** Which agents to list, in which order. */
export class ListAgentsQuery extends PageQuery {
  @IsOptional()
  @ToArray()
  @IsIn(Object.values(AgentStatus), { each: true })
  status?: AgentStatus[];

  /** Part of the code, name or host name. */
  @IsOptional()
  @IsString()
  @MaxLength(MAX_SEARCH_LENGTH)
  q?: string;

  /** `createdAt`, `lastSeenAt`, `name`; prefix `-` for descending. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  sort?: string;
}

/** The agent of a route. */
export class AgentParams {
  @IsString()
  id!: AgentId;
}
