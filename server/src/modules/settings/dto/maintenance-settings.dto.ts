import { IsInt, Max, Min } from 'class-validator';
import type { UpdateMaintenanceSettingsRequest } from '#contracts';
import { IsOptionalNonNull } from '../../../http/validation/fields.js';

const DAY_SECONDS = 86_400;
const MAX_RETENTION_DAYS = 36_500;

export class UpdateMaintenanceSettingsBody implements UpdateMaintenanceSettingsRequest {
  @IsOptionalNonNull()
  @IsInt()
  @Min(1)
  @Max(DAY_SECONDS)
  agentOfflineThresholdSeconds?: number;

  /** 0 keeps everything. */
  @IsOptionalNonNull()
  @IsInt()
  @Min(0)
  @Max(MAX_RETENTION_DAYS)
  auditRetentionDays?: number;

  /** 0 keeps everything. */
  @IsOptionalNonNull()
  @IsInt()
  @Min(0)
  @Max(MAX_RETENTION_DAYS)
  commandRetentionDays?: number;

  /** 0 keeps everything. */
  @IsOptionalNonNull()
  @IsInt()
  @Min(0)
  @Max(MAX_RETENTION_DAYS)
  healthRetentionDays?: number;

  /** 0 switches the scheduled run off. */
  @IsOptionalNonNull()
  @IsInt()
  @Min(0)
  @Max(DAY_SECONDS)
  maintenanceIntervalSeconds?: number;
}
