import { IsString } from 'class-validator';
import type { RegistrationTokenId } from '#contracts';

export class RegistrationTokenParams {
  @IsString()
  id!: RegistrationTokenId;
}
