import { IsIn, IsNotEmpty, IsOptional, IsString, Matches, ValidateIf } from 'class-validator';
import {
  type CreateUserRequest,
  MAX_PASSWORD_LENGTH,
  MIN_PASSWORD_LENGTH,
  type ResetPasswordRequest,
  Role,
  type UpdateUserRequest,
  type UserId,
  UserStatus,
} from '#contracts';
import {
  IsOptionalNonNull,
  Length,
  MAX_SEARCH_LENGTH,
  MaxLength,
  ToArray,
} from '../../../../http/validation/fields.js';
import { PageQuery } from '../../../../http/validation/page-query.dto.js';

export class CreateUserBody implements CreateUserRequest {
  /** Letters, digits and `. _ @ -`; case does not matter. */
  @IsString()
  @Matches(/^[A-Za-z0-9._@-]{1,80}$/, { message: 'username must be 1 to 80 letters, digits or any of . _ @ -' })
  username!: string;

  @IsString()
  @Length(MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH)
  password!: string;

  @IsIn(Object.values(Role))
  role!: Role;

  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  displayName?: string;
}

export class UpdateUserBody implements UpdateUserRequest {
  @IsOptionalNonNull()
  @IsIn(Object.values(Role))
  role?: Role;

  @IsOptionalNonNull()
  @IsIn(Object.values(UserStatus))
  status?: UserStatus;

  /** `null` removes it. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  displayName?: string | null;
}

export class ResetPasswordBody implements ResetPasswordRequest {
  /** The new password. */
  @ValidateIf(
    ({ newPassword }: ResetPasswordBody, password: unknown) => newPassword === undefined || password !== undefined,
  )
  @IsString()
  @Length(MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH)
  password?: string;

  /** The same as `password`, which counts if both are there. */
  @IsOptionalNonNull()
  @IsString()
  @Length(MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH)
  newPassword?: string;
}

export class ListUsersQuery extends PageQuery {
  @IsOptional()
  @ToArray()
  @IsIn(Object.values(Role), { each: true })
  role?: Role[];

  @IsOptional()
  @ToArray()
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

export class UserParams {
  @IsString()
  id!: UserId;
}
