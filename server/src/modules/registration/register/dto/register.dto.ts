import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import {
  AgentMode,
  CODE_PATTERN,
  MAX_CODE_LENGTH,
  MIN_REGISTRATION_TOKEN_TTL_SECONDS,
  type AgentDescription,
  type CreateRegistrationTokenRequest,
  type RegisterAgentRequest,
} from '#contracts';
import { isCidr } from '../../../common/http/cidr.js';
import { ReportedServiceBody } from '../../services/dto/reported-service.body.js';

const YEAR_SECONDS = 31_536_000;
const MAX_CIDRS = 50;

const IsCidr = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isCidr',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && isCidr(value),
        defaultMessage: () => 'each value in allowedCidrs must be an address or a network such as 10.0.0.0/8',
      },
    },
    { each: true },
  );

export class CreateRegistrationTokenBody implements CreateRegistrationTokenRequest {
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  name?: string;

  /** Seconds from now; `null` for a token that never expires. Default 3600. */
  @IsOptional()
  @IsInt()
  @Min(MIN_REGISTRATION_TOKEN_TTL_SECONDS)
  @Max(YEAR_SECONDS)
  expiresInSeconds?: number | null;

  /** The token then enrols only the agent with this code, also one that is live or was revoked. */
  @IsOptional()
  @IsString()
  @Length(1, MAX_CODE_LENGTH)
  @Matches(CODE_PATTERN)
  agentCode?: string;

  /** The token then works only from these networks. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_CIDRS)
  @IsCidr()
  allowedCidrs?: string[];
}

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
  @Length(1, 200)
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
