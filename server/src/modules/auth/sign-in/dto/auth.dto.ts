import { IsString } from 'class-validator';
import { type ChangePasswordRequest, type LoginRequest, MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '#contracts';
import { Length } from '../../../../http/validation/fields.js';

const MAX_LOGIN_LENGTH = 1_000;

export class LoginBody implements LoginRequest {
  @IsString()
  @Length(1, MAX_LOGIN_LENGTH)
  username!: string;

  @IsString()
  @Length(1, MAX_LOGIN_LENGTH)
  password!: string;
}

export class ChangePasswordBody implements ChangePasswordRequest {
  @IsString()
  @Length(1, MAX_LOGIN_LENGTH)
  currentPassword!: string;

  @IsString()
  @Length(MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH)
  newPassword!: string;
}
