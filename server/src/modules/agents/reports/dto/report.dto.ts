import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import {
  CODE_PATTERN,
  DangerLevel,
  type Health,
  HealthStatus,
  type Json,
  type JsonObject,
  type Manifest,
  MAX_CODE_LENGTH,
  type ReportedAction,
  type ReportedConfigItem,
  type ReportedService,
  type ReportServicesRequest,
} from '#contracts';
import { CleanedBy } from '../../../../http/validation/cleaning.js';
import { IsCleanText, Length, MaxLength } from '../../../../http/validation/fields.js';
import { cleanReport } from '../report-cleaning.js';
import { ACTION_NAME, LIMITS } from '../report-limits.js';

/** The value's JSON text is at most `max` characters long. */
const MaxJsonLength = (max: number): PropertyDecorator =>
  ValidateBy({
    name: 'maxJsonLength',
    validator: {
      validate: (value: unknown) => lengthOf(value) <= max,
      defaultMessage: (args) => `${args?.property ?? 'value'} must not be longer than ${max} characters as JSON`,
    },
  });

/** The manifest belongs to the service it is reported with: its kind and code, if it has them, must match. */
const IsManifestOf = (codeProperty: string): PropertyDecorator =>
  ValidateBy({
    name: 'isManifestOf',
    validator: {
      validate: (value: unknown, args) => {
        if (typeof value !== 'object' || value === null) return false;
        const { kind = 'CapsuleService', code } = value as { kind?: unknown; code?: unknown };
        const expected = (args?.object as Record<string, unknown> | undefined)?.[codeProperty];
        return kind === 'CapsuleService' && (code === undefined || code === expected);
      },
      defaultMessage: () => 'manifest must have kind CapsuleService and the code of its service, or leave them out',
    },
  });

/** The health of a service. */
export class HealthBody implements Health {
  @IsIn(Object.values(HealthStatus))
  status!: HealthStatus;

  @IsOptional()
  @IsString()
  @IsCleanText()
  @MaxLength(LIMITS.message)
  message?: string;

  @IsOptional()
  @IsObject()
  @MaxJsonLength(LIMITS.value)
  details?: JsonObject;
}

/** A configuration item of a reported service. */
export class ReportedConfigBody implements ReportedConfigItem {
  @IsString()
  @IsCleanText()
  @Length(1, LIMITS.name)
  key!: string;

  @IsString()
  @IsCleanText()
  @Length(1, LIMITS.short)
  type!: string;

  @IsOptional()
  @IsString()
  @IsCleanText()
  @MaxLength(LIMITS.name)
  label?: string;

  @IsOptional()
  @IsString()
  @IsCleanText()
  @MaxLength(LIMITS.name)
  source?: string;

  @IsOptional()
  @IsBoolean()
  editable?: boolean;

  @IsOptional()
  @IsBoolean()
  sensitive?: boolean;

  @IsOptional()
  @MaxJsonLength(LIMITS.value)
  valuePreview?: Json;

  @IsOptional()
  @MaxJsonLength(LIMITS.value)
  defaultValue?: Json;

  @IsOptional()
  @IsString()
  @IsCleanText()
  @MaxLength(LIMITS.ref)
  secretRef?: string;
}

/** An action of a reported service. */
export class ReportedActionBody implements ReportedAction {
  @IsString()
  @IsCleanText()
  @Length(1, LIMITS.actionName)
  @Matches(ACTION_NAME)
  name!: string;

  @IsString()
  @IsCleanText()
  @Length(1, LIMITS.name)
  label!: string;

  @IsOptional()
  @IsString()
  @IsCleanText()
  @MaxLength(LIMITS.message)
  description?: string;

  @IsOptional()
  @IsString()
  @IsCleanText()
  @MaxLength(LIMITS.category)
  category?: string;

  @IsOptional()
  @IsInt()
  @Min(LIMITS.order.min)
  @Max(LIMITS.order.max)
  order?: number;

  @IsOptional()
  @IsIn(Object.values(DangerLevel))
  dangerLevel?: DangerLevel;

  @IsOptional()
  @IsBoolean()
  requiresConfirmation?: boolean;

  @IsOptional()
  @IsObject()
  @MaxJsonLength(LIMITS.schema)
  inputSchema?: JsonObject;

  @IsOptional()
  @IsInt()
  @Min(LIMITS.timeout.min)
  @Max(LIMITS.timeout.max)
  timeoutSeconds?: number;

  @IsOptional()
  @IsBoolean()
  enabled?: boolean;
}

/** A service as its agent reports it. */
export class ReportedServiceBody implements ReportedService {
  @IsString()
  @IsCleanText()
  @Length(1, MAX_CODE_LENGTH)
  @Matches(CODE_PATTERN)
  code!: string;

  @IsString()
  @IsCleanText()
  @Length(1, LIMITS.name)
  name!: string;

  @IsOptional()
  @IsString()
  @IsCleanText()
  @MaxLength(LIMITS.message)
  description?: string;

  @IsOptional()
  @IsString()
  @IsCleanText()
  @MaxLength(LIMITS.short)
  version?: string;

  @IsOptional()
  @IsString()
  @IsCleanText()
  @MaxLength(LIMITS.short)
  runtime?: string;

  /** Stored with all its fields, known or not; derived from the service when left out. */
  @IsOptional()
  @IsObject()
  @MaxJsonLength(LIMITS.manifest)
  @IsManifestOf('code')
  manifest?: Manifest;

  @IsOptional()
  @ValidateNested()
  @Type(() => HealthBody)
  health?: HealthBody;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LIMITS.items)
  @ValidateNested({ each: true })
  @Type(() => ReportedConfigBody)
  configs?: ReportedConfigBody[];

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LIMITS.items)
  @ValidateNested({ each: true })
  @Type(() => ReportedActionBody)
  actions?: ReportedActionBody[];
}

/** An agent's report about its services. */
@CleanedBy(cleanReport)
export class ReportServicesBody implements ReportServicesRequest {
  @IsArray()
  @ArrayMaxSize(LIMITS.services)
  @ValidateNested({ each: true })
  @Type(() => ReportedServiceBody)
  services!: ReportedServiceBody[];

  /** The list is complete: the agent's other services are retired. */
  @IsOptional()
  @IsBoolean()
  complete?: boolean;
}

const lengthOf = (value: unknown): number => JSON.stringify(value ?? null).length;
