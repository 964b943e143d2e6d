import { IsObject, IsString } from 'class-validator';
import {
  type ChangePasswordRequest,
  type JsonObject,
  type LoginRequest,
  MAX_PASSWORD_LENGTH,
  MIN_PASSWORD_LENGTH,
  type PasskeyLoginRequest,
} from '#contracts';
import { Length } from '../../../../http/validation/fields.js';
import { MAX_LOGIN_LENGTH, MAX_TICKET_LENGTH } from '../../passkeys/dto/passkeys.dto.js';

export class LoginBody implements LoginRequest {
  @IsString()
  @Length(1, MAX_LOGIN_LENGTH)
  username!: string;

  @IsString()
  @Length(1, MAX_LOGIN_LENGTH)
  password!: string;
}

export class PasskeyLoginBody implements PasskeyLoginRequest {
  /** From the `SECOND_FACTOR_REQUIRED` error that answered the password. */
  @IsString()
  @Length(1, MAX_TICKET_LENGTH)
  ticket!: string;

  /** `AuthenticationResponseJSON`, as the browser returns it. */
  @IsObject()
  response!: JsonObject;
}

export class ChangePasswordBody implements ChangePasswordRequest {
  @IsString()
  @Length(1, MAX_LOGIN_LENGTH)
  currentPassword!: string;

  @IsString()
  @Length(MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH)
  newPassword!: string;
}
