import { Type } from 'class-transformer';
import { IsIn, IsObject, IsOptional, IsString, Matches, ValidateNested } from 'class-validator';
import { type AgentDescription, AgentMode, CODE_PATTERN, MAX_CODE_LENGTH, type RegisterAgentRequest } from '#contracts';
import { Length, MaxLength } from '../../../../http/validation/fields.js';
import { ReportedServiceBody } from '../../../agents/reports/dto/report.dto.js';

export const MAX_REGISTRATION_TOKEN_LENGTH = 200;

export class AgentDescriptionBody implements AgentDescription {
  @IsString()
  @Length(1, MAX_CODE_LENGTH)
  @Matches(CODE_PATTERN)
  code!: string;

  @IsOptional()
  @IsString()
  @Length(1, 200)
  name?: string;

  @IsOptional()
  @IsIn(Object.values(AgentMode))
  mode?: AgentMode;

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

export class RegisterAgentBody implements RegisterAgentRequest {
  @IsString()
  @Length(1, MAX_REGISTRATION_TOKEN_LENGTH)
  registrationToken!: string;

  @IsObject()
  @ValidateNested()
  @Type(() => AgentDescriptionBody)
  agent!: AgentDescriptionBody;

  @IsOptional()
  @ValidateNested()
  @Type(() => ReportedServiceBody)
  service?: ReportedServiceBody;
}
