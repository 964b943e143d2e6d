import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import { type CapsuleServiceId, type HeartbeatRequest, MAX_CODE_LENGTH } from '#contracts';
import { Length } from '../../../../http/validation/fields.js';
import { HealthBody, MAX_SERVICES } from '../../reports/dto/report.dto.js';

/** The health of the service with this code. */
export class ServiceHealthBody {
  @IsString()
  @Length(1, MAX_CODE_LENGTH)
  code!: string;

  @ValidateNested()
  @Type(() => HealthBody)
  @IsObject()
  health!: HealthBody;
}

/** A heartbeat; without health it only shows that the agent is alive. */
export class HeartbeatBody implements HeartbeatRequest {
  @IsOptional()
  @IsString()
  serviceId?: CapsuleServiceId;

  @IsOptional()
  @ValidateNested()
  @Type(() => HealthBody)
  health?: HealthBody;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_SERVICES)
  @ValidateNested({ each: true })
  @Type(() => ServiceHealthBody)
  services?: ServiceHealthBody[];
}
