import { IsBoolean, IsObject, IsOptional, IsString } from 'class-validator';
import type { CapsuleServiceId, CommandId, ExecuteActionRequest, JsonObject } from '#contracts';
import { MaxLength } from '../../../../http/validation/fields.js';

/** Which action of which service. */
export class ActionParams {
  @IsString()
  id!: CapsuleServiceId;

  @IsString()
  name!: string;
}

/** How to run an action. */
export class ExecuteActionBody implements ExecuteActionRequest {
  /** Must match the action's input schema. */
  @IsOptional()
  @IsObject()
  payload?: JsonObject;

  /** Must be `true` if the action requires confirmation. */
  @IsOptional()
  @IsBoolean()
  confirmation?: boolean;

  /** A succeeded prepare of this action; its schema then applies. */
  @IsOptional()
  @IsString()
  @MaxLength(80)
  prepareCommandId?: CommandId;
}
