import { IsBoolean, IsObject, IsOptional, IsString, MaxLength, ValidateBy } from 'class-validator';
import type {
  CommandError,
  CommandId,
  CommandResultRequest,
  ExecuteActionRequest,
  Instant,
  JsonObject,
} from '#contracts';
import { IsInstant } from '../../../common/http/to-date.js';

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
  const { code = null, message = null } = value as { code?: unknown; message?: unknown };
  return [code, message].every((text) => text === null || typeof text === 'string');
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
  @IsInstant()
  startedAt?: Instant;

  @IsOptional()
  @IsInstant()
  finishedAt?: Instant;
}
