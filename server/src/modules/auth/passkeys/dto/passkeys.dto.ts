import { IsArray, IsIn, IsNotEmpty, IsObject, IsString } from 'class-validator';
import {
  type JsonObject,
  MAX_PASSKEY_NAME_LENGTH,
  type PasskeyId,
  type PasskeyLoginRequest,
  type PasswordConfirmation,
  type RegisterPasskeyRequest,
  type RenamePasskeyRequest,
  Role,
  type UpdateSignInSettingsRequest,
} from '#contracts';
import { IsOptionalNonNull, Length, MaxLength } from '../../../../http/validation/fields.js';

const MAX_TICKET_LENGTH = 200;
const MAX_LOGIN_LENGTH = 1_000;

export class PasskeyLoginBody implements PasskeyLoginRequest {
  /** From the `SECOND_FACTOR_REQUIRED` error that answered the password. */
  @IsString()
  @Length(1, MAX_TICKET_LENGTH)
  ticket!: string;

  /** `AuthenticationResponseJSON`, as the browser returns it. */
  @IsObject()
  response!: JsonObject;
}

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

export class UpdateSignInSettingsBody implements UpdateSignInSettingsRequest {
  /** Users of these roles must have a passkey; an owner can require it of owners only with a passkey of their own. */
  @IsOptionalNonNull()
  @IsArray()
  @IsIn(Object.values(Role), { each: true })
  passkeyRequiredRoles?: Role[];
}

export class PasskeyParams {
  @IsString()
  id!: PasskeyId;
}
