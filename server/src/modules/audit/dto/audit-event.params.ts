import { IsString } from 'class-validator';
import type { AuditEventId } from '#contracts';

export class AuditEventParams {
  @IsString()
  id!: AuditEventId;
}
