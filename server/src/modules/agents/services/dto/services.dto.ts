import { ArrayMaxSize, ArrayNotEmpty, IsBoolean, IsIn, IsOptional, IsString } from 'class-validator';
import {
  type AgentId,
  type CapsuleServiceId,
  CapsuleServiceStatus,
  HealthStatus,
  MAX_PAGE_SIZE,
  type MoveServiceRequest,
} from '#contracts';
import {
  IsRangeEnd,
  IsRangeStart,
  MAX_SEARCH_LENGTH,
  MaxLength,
  ToArray,
  ToBoolean,
} from '../../../../http/validation/fields.js';
import { PageQuery } from '../../../../http/validation/page-query.dto.js';

const MAX_LABELS = 50;
const MAX_LABEL_LENGTH = 500;

/** Which services to list, in which order. */
export class ListServicesQuery extends PageQuery {
  /** The status, which follows from the service and its agent. */
  @IsOptional()
  @ToArray()
  @IsIn(Object.values(CapsuleServiceStatus), { each: true })
  status?: CapsuleServiceStatus[];

  /** The health that the service reported. */
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

  /** `name`, `code`, `lastReportedAt`, `createdAt`; prefix `-` for descending. */
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

/** The services whose health to show. */
export class HealthStripsQuery {
  @ToArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_PAGE_SIZE)
  @IsString({ each: true })
  serviceId!: CapsuleServiceId[];
}

/** The range of the history; without bounds, the whole history. */
export class HealthHistoryQuery {
  /** Not before this instant. */
  @IsRangeStart()
  from?: Date;

  /** Before this instant. */
  @IsRangeEnd()
  to?: Date;
}

/** The agent that gets the service. */
export class MoveServiceBody implements MoveServiceRequest {
  @IsString()
  @MaxLength(80)
  agentId!: AgentId;
}

/** The service of a route. */
export class ServiceParams {
  @IsString()
  id!: CapsuleServiceId;
}
