import { IsString } from 'class-validator';
import type { AgentId } from '#contracts';

export class AgentParams {
  @IsString()
  id!: AgentId;
}
