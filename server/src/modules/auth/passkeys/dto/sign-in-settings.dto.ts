import { IsArray, IsIn } from 'class-validator';
import { Role, type UpdateSignInSettingsRequest } from '#contracts';
import { IsOptionalNonNull } from '../../../../http/validation/fields.js';

export class UpdateSignInSettingsBody implements UpdateSignInSettingsRequest {
  /** Users of these roles must have a passkey; an owner can require it of owners only with a passkey of their own. */
  @IsOptionalNonNull()
  @IsArray()
  @IsIn(Object.values(Role), { each: true })
  passkeyRequiredRoles?: Role[];
}
