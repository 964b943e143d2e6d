import { IsString } from 'class-validator';
import type { CapsuleServiceId } from '#contracts';

export class ServiceParams {
  @IsString()
  id!: CapsuleServiceId;
}
