import { IsIn, IsNotEmpty, IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';
import {
  MAX_PASSWORD_LENGTH,
  MIN_PASSWORD_LENGTH,
  Role,
  UserStatus,
  type CreateUserRequest,
  type ResetPasswordRequest,
  type UpdateUserRequest,
} from '#contracts';
import { IfGiven } from '../../../common/http/if-given.js';

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
  @IfGiven()
  @IsIn(Object.values(Role))
  role?: Role;

  @IfGiven()
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
  @IsString()
  @Length(MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH)
  newPassword!: string;
}
