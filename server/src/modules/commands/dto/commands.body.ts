import { IsBoolean, IsISO8601, IsObject, IsOptional, IsString, MaxLength, ValidateBy } from 'class-validator';
import type {
  CommandError,
  CommandId,
  CommandResultRequest,
  ExecuteActionRequest,
  Instant,
  JsonObject,
} from '#contracts';

export class ExecuteActionBody implements ExecuteActionRequest {
  /** Must fit the action's input schema. */
  @IsOptional()
  @IsObject()
  payload?: JsonObject;

  /** `true` where the action requires confirmation. */
  @IsOptional()
  @IsBoolean()
  confirmation?: boolean;

  /** A succeeded prepare of this action, whose schema then decides. */
  @IsOptional()
  @IsString()
  @MaxLength(80)
  prepareCommandId?: CommandId;
}

const isCommandError = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { code, message } = value as { code?: unknown; message?: unknown };
  return [code, message].every((text) => text === undefined || typeof text === 'string');
};

const IsCommandError = (): PropertyDecorator =>
  ValidateBy({
    name: 'isCommandError',
    validator: {
      validate: isCommandError,
      defaultMessage: () => 'error must be an object whose code and message are texts',
    },
  });

export class CommandResultBody implements CommandResultRequest {
  @IsBoolean()
  success!: boolean;

  @IsOptional()
  @IsString()
  message?: string;

  @IsOptional()
  @IsObject()
  data?: JsonObject;

  /** `code` and `message`, and whatever else the agent wants to say. */
  @IsOptional()
  @IsCommandError()
  error?: CommandError;

  @IsOptional()
  @IsISO8601({ strict: true })
  startedAt?: Instant;

  @IsOptional()
  @IsISO8601({ strict: true })
  finishedAt?: Instant;
}
