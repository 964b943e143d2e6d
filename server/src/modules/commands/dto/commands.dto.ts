import { ArrayMaxSize, IsBoolean, IsDate, IsIn, IsObject, IsOptional, IsString, MaxLength } from 'class-validator';
import {
  type CapsuleServiceId,
  type CommandId,
  CommandStatus,
  CommandType,
  DEFAULT_PAGE_SIZE,
  type ExecuteActionRequest,
  type JsonObject,
} from '#contracts';
import { MAX_SEARCH_LENGTH, ToDate, ToArray } from '../../../http/validation/fields.js';
import { IsCursor, IsPageNumber, IsPageSize } from '../../../http/validation/page-query.dto.js';

const MAX_VALUES = 50;

/** What chooses commands, wherever some are asked for. */
export class SummarizeCommandsQuery {
  @IsOptional()
  @ToArray()
  @IsIn(Object.values(CommandType), { each: true })
  type?: CommandType[];

  @IsOptional()
  @ToArray()
  @ArrayMaxSize(MAX_VALUES)
  @IsString({ each: true })
  actionName?: string[];

  @IsOptional()
  @ToArray()
  @ArrayMaxSize(MAX_VALUES)
  @IsString({ each: true })
  serviceId?: string[];

  @IsOptional()
  @ToArray()
  @ArrayMaxSize(MAX_VALUES)
  @IsString({ each: true })
  agentId?: string[];

  /** Created at this instant or later. */
  @IsOptional()
  @ToDate()
  @IsDate()
  from?: Date;

  /** Created before this instant. */
  @IsOptional()
  @ToDate()
  @IsDate()
  to?: Date;
}

export class CommandParams {
  @IsString()
  id!: CommandId;
}

export class ActionParams {
  @IsString()
  id!: CapsuleServiceId;

  @IsString()
  name!: string;
}

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

export class ListCommandsQuery extends SummarizeCommandsQuery {
  @IsPageNumber()
  page = 1;

  @IsPageSize()
  pageSize: number = DEFAULT_PAGE_SIZE;

  @IsCursor()
  cursor?: string;

  @IsOptional()
  @ToArray()
  @IsIn(Object.values(CommandStatus), { each: true })
  status?: CommandStatus[];

  /** Part of the command's id, or of the name of its action, service or agent. */
  @IsOptional()
  @IsString()
  @MaxLength(MAX_SEARCH_LENGTH)
  q?: string;

  /** `createdAt`, `completedAt` (or `finishedAt`); `-` before it for descending. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  sort?: string;
}
