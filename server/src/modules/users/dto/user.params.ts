import { IsString } from 'class-validator';
import type { UserId } from '#contracts';

export class UserParams {
  @IsString()
  id!: UserId;
}
