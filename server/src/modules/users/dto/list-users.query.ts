import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { Role, UserStatus } from '#contracts';
import { MAX_SEARCH_LENGTH, PageQuery, ToList } from '../../../common/http/page.js';

export class ListUsersQuery extends PageQuery {
  @IsOptional()
  @ToList()
  @IsIn(Object.values(Role), { each: true })
  role?: Role[];

  @IsOptional()
  @ToList()
  @IsIn(Object.values(UserStatus), { each: true })
  status?: UserStatus[];

  /** Part of the user name or display name. */
  @IsOptional()
  @IsString()
  @MaxLength(MAX_SEARCH_LENGTH)
  q?: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  sort?: string;
}
