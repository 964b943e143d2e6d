import { IsString } from 'class-validator';
import type { CapsuleServiceId, CommandId } from '#contracts';

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

export class AgentCommandParams {
  @IsString()
  agentId!: string;

  @IsString()
  commandId!: CommandId;
}
