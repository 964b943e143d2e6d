import { IsString } from 'class-validator';
import type { PasskeyId } from '#contracts';

export class PasskeyParams {
  @IsString()
  id!: PasskeyId;
}
