import { IsNotEmpty, IsObject, IsString } from 'class-validator';
import {
  type JsonObject,
  MAX_PASSKEY_NAME_LENGTH,
  type PasskeyId,
  type PasswordConfirmation,
  type RegisterPasskeyRequest,
  type RenamePasskeyRequest,
} from '#contracts';
import { Length, MaxLength } from '../../../../http/validation/fields.js';

export const MAX_TICKET_LENGTH = 200;
/** The longest user name or password that is checked. */
export const MAX_LOGIN_LENGTH = 1_000;

export class PasswordConfirmationBody implements PasswordConfirmation {
  @IsString()
  @Length(1, MAX_LOGIN_LENGTH)
  currentPassword!: string;
}

export class RenamePasskeyBody implements RenamePasskeyRequest {
  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_PASSKEY_NAME_LENGTH)
  name!: string;
}

export class RegisterPasskeyBody extends RenamePasskeyBody implements RegisterPasskeyRequest {
  @IsString()
  @Length(1, MAX_TICKET_LENGTH)
  ticket!: string;

  /** `RegistrationResponseJSON`, as the browser returns it. */
  @IsObject()
  response!: JsonObject;
}

export class PasskeyParams {
  @IsString()
  id!: PasskeyId;
}
