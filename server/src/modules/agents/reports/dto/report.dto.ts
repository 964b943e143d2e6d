import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
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
import { Length, MaxLength } from '../../../../http/validation/fields.js';

/** How many services a report or heartbeat can list. */
export const MAX_SERVICES = 200;
const MAX_ITEMS = 500;
const MAX_SCHEMA_LENGTH = 100_000;
const MAX_MANIFEST_LENGTH = 200_000;
const MAX_VALUE_LENGTH = 10_000;
const DAY_SECONDS = 86_400;

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
  @MaxLength(2_000)
  message?: string;

  @IsOptional()
  @IsObject()
  @MaxJsonLength(MAX_VALUE_LENGTH)
  details?: JsonObject;
}

/** A configuration item of a reported service. */
export class ReportedConfigBody implements ReportedConfigItem {
  @IsString()
  @Length(1, 200)
  key!: string;

  @IsString()
  @Length(1, 80)
  type!: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  label?: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  source?: string;

  @IsOptional()
  @IsBoolean()
  editable?: boolean;

  @IsOptional()
  @IsBoolean()
  sensitive?: boolean;

  @IsOptional()
  @MaxJsonLength(MAX_VALUE_LENGTH)
  valuePreview?: Json;

  @IsOptional()
  @MaxJsonLength(MAX_VALUE_LENGTH)
  defaultValue?: Json;

  @IsOptional()
  @IsString()
  @MaxLength(500)
  secretRef?: string;
}

/** An action of a reported service. */
export class ReportedActionBody implements ReportedAction {
  @IsString()
  @Length(1, 120)
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
  name!: string;

  @IsString()
  @Length(1, 200)
  label!: string;

  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  description?: string;

  @IsOptional()
  @IsString()
  @MaxLength(120)
  category?: string;

  @IsOptional()
  @IsInt()
  @Min(-1_000_000)
  @Max(1_000_000)
  order?: number;

  @IsOptional()
  @IsIn(Object.values(DangerLevel))
  dangerLevel?: DangerLevel;

  @IsOptional()
  @IsBoolean()
  requiresConfirmation?: boolean;

  @IsOptional()
  @IsObject()
  @MaxJsonLength(MAX_SCHEMA_LENGTH)
  inputSchema?: JsonObject;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(DAY_SECONDS)
  timeoutSeconds?: number;

  @IsOptional()
  @IsBoolean()
  enabled?: boolean;
}

/** A service as its agent reports it. */
export class ReportedServiceBody implements ReportedService {
  @IsString()
  @Length(1, MAX_CODE_LENGTH)
  @Matches(CODE_PATTERN)
  code!: string;

  @IsString()
  @Length(1, 200)
  name!: string;

  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  description?: string;

  @IsOptional()
  @IsString()
  @MaxLength(80)
  version?: string;

  @IsOptional()
  @IsString()
  @MaxLength(80)
  runtime?: string;

  /** Stored with all its fields, known or not; derived from the service when left out. */
  @IsOptional()
  @IsObject()
  @MaxJsonLength(MAX_MANIFEST_LENGTH)
  @IsManifestOf('code')
  manifest?: Manifest;

  @IsOptional()
  @ValidateNested()
  @Type(() => HealthBody)
  health?: HealthBody;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_ITEMS)
  @ArrayUnique(({ key }: ReportedConfigBody) => key, { message: 'configs must not list a key twice' })
  @ValidateNested({ each: true })
  @Type(() => ReportedConfigBody)
  configs?: ReportedConfigBody[];

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_ITEMS)
  @ArrayUnique(({ name }: ReportedActionBody) => name, { message: 'actions must not list a name twice' })
  @ValidateNested({ each: true })
  @Type(() => ReportedActionBody)
  actions?: ReportedActionBody[];
}

/** An agent's report about its services. */
export class ReportServicesBody implements ReportServicesRequest {
  @IsArray()
  @ArrayMaxSize(MAX_SERVICES)
  @ArrayUnique(({ code }: ReportedServiceBody) => code, { message: 'services must not list a code twice' })
  @ValidateNested({ each: true })
  @Type(() => ReportedServiceBody)
  services!: ReportedServiceBody[];

  /** The list is complete: the agent's other services are retired. */
  @IsOptional()
  @IsBoolean()
  complete?: boolean;
}

const lengthOf = (value: unknown): number => JSON.stringify(value ?? null).length;
