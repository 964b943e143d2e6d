import { ArrayMaxSize, IsArray, IsNumber, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import type { CommandProgressRequest } from '#contracts';

const MAX_LINES = 100;

export class CommandProgressBody implements CommandProgressRequest {
  /** 0 to 100; a fraction is cut off. */
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(100)
  percent?: number;

  @IsOptional()
  @IsString()
  @MaxLength(500)
  message?: string;

  /** Lines to add to the log, of which the newest 200 are kept. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_LINES)
  @IsString({ each: true })
  @MaxLength(1_000, { each: true })
  log?: string[];
}
