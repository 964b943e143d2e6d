import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import {
  type AgentProcess,
  type CapsuleServiceId,
  type HeartbeatRequest,
  type Leaving,
  MAX_CODE_LENGTH,
} from '#contracts';
import { CleanedBy } from '../../../../http/validation/cleaning.js';
import { Length, MaxLength } from '../../../../http/validation/fields.js';
import { HealthBody } from '../../reports/dto/report.dto.js';
import { cleanHeartbeat } from '../../reports/report-cleaning.js';
import { LIMITS } from '../../reports/report-content.js';

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

/** What an agent says of its process. */
export class AgentProcessBody implements AgentProcess {
  @IsOptional()
  @IsString()
  @Length(1, 200)
  name?: string;

  @IsOptional()
  @IsString()
  @MaxLength(80)
  runtime?: string;

  @IsOptional()
  @IsString()
  @MaxLength(80)
  version?: string;

  @IsOptional()
  @IsString()
  @MaxLength(255)
  hostname?: string;

  @IsOptional()
  @IsString()
  @MaxLength(80)
  os?: string;

  @IsOptional()
  @IsString()
  @MaxLength(80)
  arch?: string;
}

/** An orderly stop. */
export class LeavingBody implements Leaving {
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(LIMITS.backInSeconds)
  backInSeconds?: number;
}

/** A heartbeat; without health it only shows that the agent is alive. */
@CleanedBy(cleanHeartbeat)
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
  @ArrayMaxSize(LIMITS.services)
  @ValidateNested({ each: true })
  @Type(() => ServiceHealthBody)
  services?: ServiceHealthBody[];

  /** With the first heartbeat of a process: what has changed since it registered. */
  @IsOptional()
  @ValidateNested()
  @Type(() => AgentProcessBody)
  @IsObject()
  agent?: AgentProcessBody;

  /** With the last heartbeat of a process that stops: the agent is offline at once. */
  @IsOptional()
  @ValidateNested()
  @Type(() => LeavingBody)
  @IsObject()
  leaving?: LeavingBody;
}
