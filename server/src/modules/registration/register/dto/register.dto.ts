import { Type } from 'class-transformer';
import { IsIn, IsObject, IsOptional, IsString, Matches, ValidateNested } from 'class-validator';
import { type AgentDescription, AgentMode, CODE_PATTERN, MAX_CODE_LENGTH, type RegisterAgentRequest } from '#contracts';
import { Length } from '../../../../http/validation/fields.js';
import { AgentProcessBody } from '../../../agents/agent-api/dto/heartbeat.dto.js';
import { ReportedServiceBody } from '../../../agents/reports/dto/report.dto.js';

export const MAX_REGISTRATION_TOKEN_LENGTH = 200;

export class AgentDescriptionBody extends AgentProcessBody implements AgentDescription {
  @IsString()
  @Length(1, MAX_CODE_LENGTH)
  @Matches(CODE_PATTERN)
  code!: string;

  @IsOptional()
  @IsIn(Object.values(AgentMode))
  mode?: AgentMode;
}

export class RegisterAgentBody implements RegisterAgentRequest {
  @IsString()
  @Length(1, MAX_REGISTRATION_TOKEN_LENGTH)
  registrationToken!: string;

  /** Makes it safe to repeat the registration when its answer is lost. */
  @IsOptional()
  @IsString()
  @Length(22, 200)
  enrolmentKey?: string;

  @IsObject()
  @ValidateNested()
  @Type(() => AgentDescriptionBody)
  agent!: AgentDescriptionBody;

  @IsOptional()
  @ValidateNested()
  @Type(() => ReportedServiceBody)
  service?: ReportedServiceBody;
}
