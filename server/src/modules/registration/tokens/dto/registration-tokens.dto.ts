import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { TokenStatus } from '#contracts';
import { MAX_SEARCH_LENGTH, PageQuery, ToList } from '../../../common/http/page.js';

export class ListRegistrationTokensQuery extends PageQuery {
  @IsOptional()
  @ToList()
  @IsIn(Object.values(TokenStatus), { each: true })
  status?: TokenStatus[];

  /** Part of the name or agent code. */
  @IsOptional()
  @IsString()
  @MaxLength(MAX_SEARCH_LENGTH)
  q?: string;

  /** `createdAt`, `expiresAt`, `name`; `-` before it for descending. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  sort?: string;
}
