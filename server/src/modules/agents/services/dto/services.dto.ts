import { ArrayMaxSize, ArrayNotEmpty, IsBoolean, IsDate, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import {
  type AgentId,
  type CapsuleServiceId,
  CapsuleServiceStatus,
  HealthStatus,
  MAX_PAGE_SIZE,
  type MoveServiceRequest,
} from '#contracts';
import { MAX_SEARCH_LENGTH, ToDate, ToBoolean, ToArray } from '../../../../http/validation/fields.js';
import { PageQuery } from '../../../../http/validation/page-query.dto.js';

const MAX_LABELS = 50;
const MAX_LABEL_LENGTH = 500;

export class ListServicesQuery extends PageQuery {
  /** The derived status, as shown. */
  @IsOptional()
  @ToArray()
  @IsIn(Object.values(CapsuleServiceStatus), { each: true })
  status?: CapsuleServiceStatus[];

  /** What the service says of itself. */
  @IsOptional()
  @ToArray()
  @IsIn(Object.values(HealthStatus), { each: true })
  healthStatus?: HealthStatus[];

  @IsOptional()
  @ToArray()
  @IsString({ each: true })
  agentId?: AgentId[];

  @IsOptional()
  @ToArray()
  @IsString({ each: true })
  runtime?: string[];

  /** A label of the manifest: its key, or `key:value`. */
  @IsOptional()
  @ToArray()
  @ArrayMaxSize(MAX_LABELS)
  @IsString({ each: true })
  @MaxLength(MAX_LABEL_LENGTH, { each: true })
  label?: string[];

  /** Part of the code, name or description. */
  @IsOptional()
  @IsString()
  @MaxLength(MAX_SEARCH_LENGTH)
  q?: string;

  /** `name`, `code`, `lastReportedAt`, `createdAt`; `-` before it for descending. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  sort?: string;

  /** `true` also lists services that their agent no longer reports. */
  @IsOptional()
  @ToBoolean()
  @IsBoolean()
  includeRetired?: boolean;
}

export class HealthStripsQuery {
  @ToArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_PAGE_SIZE)
  @IsString({ each: true })
  serviceId!: CapsuleServiceId[];
}

export class HealthHistoryQuery {
  /** Not before this instant. */
  @IsOptional()
  @ToDate()
  @IsDate()
  from?: Date;

  /** Before this instant. */
  @IsOptional()
  @ToDate()
  @IsDate()
  to?: Date;
}

export class MoveServiceBody implements MoveServiceRequest {
  @IsString()
  @MaxLength(80)
  agentId!: AgentId;
}

export class ServiceParams {
  @IsString()
  id!: CapsuleServiceId;
}
