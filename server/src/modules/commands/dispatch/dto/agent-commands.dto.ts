import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Max,
  Min,
  ValidateBy,
} from 'class-validator';
import type {
  AgentId,
  CommandError,
  CommandId,
  CommandProgressRequest,
  CommandResultRequest,
  Instant,
  JsonObject,
} from '#contracts';
import { CleanedBy } from '../../../../http/validation/cleaning.js';
import { IsInstant } from '../../../../http/validation/fields.js';
import { cleanProgress, cleanResult } from '../../results/result-cleaning.js';

const MAX_POLL_LIMIT = 10;
/** Below the 60 seconds after which common proxies close a silent connection. */
const MAX_WAIT_SECONDS = 55;

/** As many as are kept. */
const MAX_LINES = 200;

interface Range {
  readonly min: number;
  readonly max: number;
  /** For a value that is not a number. */
  readonly fallback: number;
}

/** Values out of range are clamped rather than refused: an agent must not stop polling over them. */
export class PollCommandsQuery {
  /** How many commands to take at most, 1 to 10. */
  @Transform(({ value }: { value: unknown }) => clamp(value, { min: 1, max: MAX_POLL_LIMIT, fallback: MAX_POLL_LIMIT }))
  @IsInt()
  limit: number = MAX_POLL_LIMIT;

  /** How long to hold the request open until there is a command, in seconds, 0 to 55. */
  @Transform(({ value }: { value: unknown }) => clamp(value, { min: 0, max: MAX_WAIT_SECONDS, fallback: 0 }))
  @IsInt()
  wait = 0;

  /**
   * The ids of the commands the agent has and has not answered, repeated or empty. Only an agent that keeps a record of
   * them sends it: what a poll with `holding` was given and the agent does not hold is handed out again, marked `redelivered`.
   */
  @Transform(({ value }: { value: unknown }) => toIds(value))
  @IsOptional()
  @IsArray()
  holding?: CommandId[];
}

/** How far a running command is. */
@CleanedBy(cleanProgress)
export class CommandProgressBody implements CommandProgressRequest {
  /** 0 to 100; rounded down. */
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(100)
  percent?: number;

  /** At most 500 characters are kept. */
  @IsOptional()
  @IsString()
  message?: string;

  /** Lines of at most 1,000 characters to append to the log, of which the newest 200 are kept. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_LINES)
  @IsString({ each: true })
  log?: string[];
}

/** Which command of which agent. */
export class AgentCommandParams {
  @IsString()
  agentId!: AgentId;

  @IsString()
  commandId!: CommandId;
}

const isCommandError = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { code = null, message = null } = value as { code?: unknown; message?: unknown };
  return [code, message].every((text) => text === null || typeof text === 'string');
};

const IsCommandError = (): PropertyDecorator =>
  ValidateBy({
    name: 'isCommandError',
    validator: {
      validate: isCommandError,
      defaultMessage: () => 'error must be an object whose code and message are strings',
    },
  });

/** How a command ended. */
@CleanedBy(cleanResult)
export class CommandResultBody implements CommandResultRequest {
  @IsBoolean()
  success!: boolean;

  @IsOptional()
  @IsString()
  message?: string;

  @IsOptional()
  @IsObject()
  data?: JsonObject;

  /** `code` and `message`, and whatever else the agent wants to report. */
  @IsOptional()
  @IsCommandError()
  error?: CommandError;

  @IsOptional()
  @IsInstant()
  startedAt?: Instant;

  @IsOptional()
  @IsInstant()
  finishedAt?: Instant;
}

const isId = (value: unknown): value is CommandId => typeof value === 'string' && value !== '';

const toIds = (value: unknown): CommandId[] | undefined =>
  value === undefined ? undefined : [value].flat().filter(isId);

const clamp = (value: unknown, { min, max, fallback }: Range): number => {
  const number = typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : fallback;
  return Math.min(max, Math.max(min, number));
};
