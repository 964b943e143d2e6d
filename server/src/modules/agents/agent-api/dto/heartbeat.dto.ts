import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import { type AgentProcess, type CapsuleServiceId, type HeartbeatRequest, MAX_CODE_LENGTH } from '#contracts';
import { Length, MaxLength } from '../../../../http/validation/fields.js';
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

  /** With the first heartbeat of a process: what has changed since it registered. */
  @IsOptional()
  @ValidateNested()
  @Type(() => AgentProcessBody)
  @IsObject()
  agent?: AgentProcessBody;
}
