import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateBy,
} from 'class-validator';
import {
  CODE_PATTERN,
  type CreateRegistrationTokenRequest,
  MAX_CODE_LENGTH,
  MIN_REGISTRATION_TOKEN_TTL_SECONDS,
  type RegistrationTokenId,
  TokenStatus,
} from '#contracts';
import { isCidr } from '../../../../common/ip-address.js';
import { Length, MAX_SEARCH_LENGTH, MaxLength, ToArray } from '../../../../http/validation/fields.js';
import { PageQuery } from '../../../../http/validation/page-query.dto.js';

export class ListRegistrationTokensQuery extends PageQuery {
  @IsOptional()
  @ToArray()
  @IsIn(Object.values(TokenStatus), { each: true })
  status?: TokenStatus[];

  /** Part of the name or agent code. */
  @IsOptional()
  @IsString()
  @MaxLength(MAX_SEARCH_LENGTH)
  q?: string;

  /** `createdAt`, `expiresAt` or `name`; prefix with `-` for descending order. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  sort?: string;
}

export class RegistrationTokenParams {
  @IsString()
  id!: RegistrationTokenId;
}

const YEAR_SECONDS = 31_536_000;
const MAX_CIDRS = 50;

const IsCidr = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isCidr',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && isCidr(value),
        defaultMessage: () => 'each value in allowedCidrs must be an IP address or a network such as 10.0.0.0/8',
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

  /** Restricts the token to the agent with this code, even if that agent is connected or was revoked. */
  @IsOptional()
  @IsString()
  @Length(1, MAX_CODE_LENGTH)
  @Matches(CODE_PATTERN)
  agentCode?: string;

  /** Restricts the token to these networks. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_CIDRS)
  @IsCidr()
  allowedCidrs?: string[];
}
